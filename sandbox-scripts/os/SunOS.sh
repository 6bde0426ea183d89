# shellcheck shell=sh source-path=SCRIPTDIR/..
# os/SunOS.sh - the parts of os/chroot.sh for illumos: lofs, tmpfs, /proc. Never run on illumos so far.

# shellcheck source=os/chroot.sh
. "$BULK_SCRIPTS/os/chroot.sh"
# The POSIX tools come first; some in /usr/bin are older.
: "${os_path:=/usr/xpg4/bin:/usr/bin:/usr/sbin:/sbin}"
PATH=$os_path:$PATH
os_tables=SunOS os_tools='digest prtconf'

os_bind() { mount -F lofs -o "$1" "$2" "$3"; }
os_mount() {
    case $1 in
    tmpfs) mount -F tmpfs -o "size=$3k,nosuid" swap "$2" && chmod "$4" "$2" ;;
    *) mount -F "$1" "$1" "$2" ;;
    esac
}
os_umount() { umount "$@"; }
# /proc/PID/root is a link to the root; inode numbers are unique only in one file system.
os_rooted() {
    # shellcheck disable=SC2012 # numbers
    rooted_inode=$(ls -di "$1/." 2>/dev/null | awk '{ print $1 }') || return 0
    [ -n "$rooted_inode" ] || return 0
    for rooted in "${os_proc:-/proc}"/[0-9]*; do
        # shellcheck disable=SC2012 # numbers
        [ "$(ls -di "$rooted/root/." 2>/dev/null | awk '{ print $1 }')" != "$rooted_inode" ] ||
            [ "$(df -kP "$rooted/root/." 2>/dev/null | awk 'NR == 2 { print $NF }')" != "$1" ] || printf '%s\n' "${rooted##*/}"
    done
}
# The time of the directory in /proc is the start of the process; ps changes its format of the time after a day.
os_born() {
    [ "$(ps -o s= -p "$1" 2>/dev/null)" != Z ] || return 1 # a zombie does not run
    # shellcheck disable=SC2012 # a time
    born=$(LC_ALL=C TZ=UTC0 ls -dE "${os_proc:-/proc}/$1" 2>/dev/null | awk '{ print $6 $7 }' | tr -cd 0-9)
    [ -n "$born" ] && printf '%s\n' "$born"
}
os_users() { :; }
# rm here crosses mounts; find does not.
os_rm() {
    rm_status=0
    for rm_one; do
        [ -e "$rm_one" ] || [ -h "$rm_one" ] || continue
        find "$rm_one" -mount -depth ! -type d -exec rm -f -- {} + || rm_status=1
        find "$rm_one" -mount -depth -type d -exec rmdir -- {} + 2>/dev/null || rm_status=1
    done
    return "$rm_status"
}
os_sha256() { digest -a sha256 "$1"; }
os_memory_kb() { prtconf -m | awk '{ printf "%.0f\n", $1 * 1024 }'; }
