# shellcheck shell=sh source-path=SCRIPTDIR/..
# os/FreeBSD.sh - the parts of os/chroot.sh for FreeBSD: nullfs, tmpfs, devfs. Never run on FreeBSD so far.

# shellcheck source=os/NetBSD.sh
. "$BULK_SCRIPTS/os/NetBSD.sh"
os_tables=FreeBSD os_tools='mount_nullfs devfs fstat pwd_mkdb sha256'

os_bind() { mount -t nullfs -o "$1" "$2" "$3"; }
os_mount() {
    case $1 in
    tmpfs) mount -t tmpfs -o "size=$3k,mode=$4,nosuid" tmpfs "$2" ;;
    devfs) mount -t devfs devfs "$2" && os_hide_devices "$2" ;;
    *) mount -t "$1" "$1" "$2" ;;
    esac
}
# os_hide_devices DEV: hides all but harmless devices.
os_hide_devices() {
    devfs -m "$1" rule apply hide || return
    for hide_device in null zero random urandom stdin stdout stderr fd 'fd/*' pts 'pts/*' ptmx; do
        devfs -m "$1" rule apply path "$hide_device" unhide || return
    done
}
# procfs does not show roots here; fstat prints them, also for a process without open files.
os_rooted() { _os_rooted_fstat "$1"; }
os_pwd_mkdb() { pwd_mkdb -p -d "$1" "$1/master.passwd"; }
os_sha256() { sha256 -q "$1"; }
os_memory_kb() { sysctl -n hw.physmem | chroot_in_kb; }
