# shellcheck shell=sh source-path=SCRIPTDIR/..
# os/NetBSD.sh - the parts of os/chroot.sh for NetBSD: null mounts, tmpfs. Never run on NetBSD so far.

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
os_umount() { umount "$@"; }
# fstat prints a line `USER CMD PID root MOUNT INUM ...` for a process with a root of its own.
os_rooted() {
    rooted_inode=$(ls -di "$1" 2>/dev/null) || return 0
    fstat 2>/dev/null | awk -v root="$1" -v inode="${rooted_inode%% *}" '
        { for (i = 3; i < NF - 1; i++) if ($i == "root" && $(i - 1) ~ /^[0-9]+$/ && $(i + 1) == root && $(i + 2) == inode) print $(i - 1) }'
}
os_born() {
    born=$(LC_ALL=C TZ=UTC0 ps -o stat= -o lstart= -p "$1" 2>/dev/null) || return 1
    case $born in '' | Z*) return 1 ;; esac # a zombie does not run
    printf '%s\n' "${born#* }" | tr -cd 'A-Za-z0-9\n'
}
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
