# shellcheck shell=sh source-path=SCRIPTDIR/..
# os/Linux-chroot.sh - os/chroot.sh on Linux (BULK_OS=Linux-chroot): so that tests run the code that all systems without
# namespaces share; and for kernels on which root can mount, but cannot make namespaces.

# shellcheck source=os/chroot.sh
. "$BULK_SCRIPTS/os/chroot.sh"
os_tables='Linux Linux-chroot' os_tools=setpriv os_ps_wide=-ww

os_bind() {
    mount --bind -- "$2" "$3" || return
    [ "$1" = rw ] || mount -o remount,bind,ro -- "$3"
}
os_mount() {
    case $1 in
    tmpfs) mount -t tmpfs -o "mode=$4,size=$3k,nosuid" bulk "$2" ;;
    *) mount -t "$1" "$1" "$2" ;;
    esac
}
os_umount() {
    case $1 in -f) umount -l -- "$2" ;; *) umount -- "$1" ;; esac
}
os_rooted() {
    for rooted in /proc/[0-9]*; do
        [ "$(readlink "$rooted/root" 2>/dev/null)" != "$1" ] || printf '%s\n' "${rooted#/proc/}"
    done
}
os_born() {
    IFS= read -r born_stat 2>/dev/null <"/proc/$1/stat" || return 1
    # shellcheck disable=SC2086 # the fields after the command's name are numbers
    set -- ${born_stat##*\) }
    [ "$1" != Z ] && printf '%s\n' "${20}"
}
os_users() { :; }
os_rm() { rm -rf --one-file-system -- "$@"; }
os_sha256() (
    line=$(sha256sum -- "$1") || exit 1
    printf '%s\n' "${line%% *}"
)
os_memory_kb() {
    while read -r memory_word memory_number _; do
        [ "$memory_word" != MemTotal: ] || { printf '%s\n' "$memory_number"; return; }
    done </proc/meminfo
}
