# shellcheck shell=sh source-path=SCRIPTDIR/..
# os/NetBSD.sh - the parts of os/chroot.sh for NetBSD: null mounts, tmpfs. An earlier form ran on NetBSD 7.99.

# The sh of NetBSD 7 has no PPID, and none is inherited (host/environment.sh).
netbsd_old_sh=
[ -n "${PPID:-}" ] || { PPID=$(ps -o ppid= -p $$ | tr -d ' ') && netbsd_old_sh=yes; }

# shellcheck source=os/chroot.sh
. "$BULK_SCRIPTS/os/chroot.sh"
os_tables=NetBSD os_tools='mount_null mount_tmpfs fstat pwd_mkdb' os_ps_wide=-ww

os_bind() { mount_null -o "$1" "$2" "$3"; }
os_mount() {
    case $1 in
    tmpfs) mount_tmpfs -m "$4" -s "$3k" -o nosuid tmpfs "$2" ;;
    procfs) mount_procfs -o linux procfs "$2" ;;
    *) mount -t "$1" "$1" "$2" ;;
    esac
}
# A sh without PPID may also lose the status of a background job that ends while another command runs: every build would fail.
os_check_more() {
    [ -n "$netbsd_old_sh" ] || return 0
    more_status=0
    sh -c '(exit 3) & job=$!; sleep 1; wait "$job"' 2>/dev/null || more_status=$?
    [ "$more_status" -eq 3 ] || machine_failure "/bin/sh loses the exit status of background jobs (that of NetBSD 7 does)" "use NetBSD 8 or newer, or its sh"
}
# tar is that of libarchive, or pax, which has no --numeric-owner, prints no names that the archive gives, and hides members with
# .. in their names.
# shellcheck disable=SC2034 # read by leavings.sh
os_tar_known() { tar --version >/dev/null 2>&1 || os_tar_list=--insecure; }
os_umount() { umount "$@"; }
# The procfs of the sandbox, and of the host if it is mounted, shows the root of every process. fstat, without them, prints a line `USER CMD
# PID root MOUNT INUM ...` for a process with a root of its own, but none for one that has no open file.
os_rooted() {
    for rooted_proc in "$1/proc" /proc; do
        [ -e "$rooted_proc/curproc" ] || continue
        # shellcheck disable=SC2012 # the text of links; a SANDBOXDIR has no blanks
        ls -ld "$rooted_proc"/[0-9]*/root 2>/dev/null | awk -v root="$1" '
            $NF == root || index($NF, root "/") == 1 { n = split($(NF - 2), part, "/"); print part[n - 1] }'
        return 0
    done
    _os_rooted_fstat "$1"
}
_os_rooted_fstat() {
    rooted_inode=$(ls -di "$1" 2>/dev/null) || return 0
    fstat 2>/dev/null | awk -v root="$1" -v inode="${rooted_inode%% *}" '
        { for (i = 3; i < NF - 1; i++) if ($i == "root" && $(i - 1) ~ /^[0-9]+$/ && $(i + 1) == root && $(i + 2) == inode) print $(i - 1) }'
}
os_born() { chroot_born "$1"; }
# passwd has seven fields; master.passwd, from which the databases are made, three more after the fourth.
os_users() (
    awk -F: -v OFS=: '{ print $1, "*", $3, $4, "", 0, 0, $5, $6, $7 }' "$1/passwd" >"$1/master.passwd" && chmod 600 "$1/master.passwd" &&
        os_pwd_mkdb "$1"
)
os_pwd_mkdb() { pwd_mkdb -p -d "${1%/etc}" "$1/master.passwd"; }
os_rm() { rm -rfx -- "$@"; }
os_sha256() (
    line=$(cksum -a SHA256 "$1") || exit 1
    printf '%s\n' "${line##* }"
)
os_memory_kb() { sysctl -n hw.physmem64 | chroot_in_kb; }
