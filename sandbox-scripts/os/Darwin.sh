# shellcheck shell=sh source-path=SCRIPTDIR/..
# os/Darwin.sh - the parts of os/chroot.sh for macOS: bindfs (of macFUSE) and devfs; plain directories in place of tmpfs. Never run
# on macOS so far.

# shellcheck source=os/chroot.sh
. "$BULK_SCRIPTS/os/chroot.sh"
os_tables=Darwin os_tools='bindfs lsof shasum' os_ps_wide=-ww

os_bind() {
    case $1 in
    ro) bindfs -o ro "$2" "$3" ;;
    *) bindfs "$2" "$3" ;;
    esac
}
os_mount() {
    case $1 in
    tmpfs) chmod "$4" "$2" ;;
    *) mount -t "$1" "$1" "$2" ;;
    esac
}
os_umount() { umount "$@"; }
os_rooted() { lsof -t -a -d rtd -- "$1" 2>/dev/null || :; }
os_born() { chroot_born "$1"; }
# In a chroot users come from passwd, since the directory service is not available.
os_users() { awk -F: -v OFS=: '{ print $1, "*", $3, $4, "", 0, 0, $5, $6, $7 }' "$1/passwd" >"$1/master.passwd" && chmod 600 "$1/master.passwd"; }
os_rm() { rm -rfx -- "$@"; }
os_sha256() (
    line=$(shasum -a 256 "$1") || exit 1
    printf '%s\n' "${line%% *}"
)
os_memory_kb() { sysctl -n hw.memsize | chroot_in_kb; }
