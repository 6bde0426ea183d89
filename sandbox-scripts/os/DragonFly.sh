# shellcheck shell=sh source-path=SCRIPTDIR/..
# os/DragonFly.sh - the parts of os/chroot.sh for DragonFly: null mounts, tmpfs, devfs. Never run on DragonFly so far.

# shellcheck source=os/FreeBSD.sh
. "$BULK_SCRIPTS/os/FreeBSD.sh"
os_tables=DragonFly os_tools='mount_null mount_tmpfs fstat pwd_mkdb sha256'

os_bind() { mount_null -o "$1" "$2" "$3"; }
os_mount() {
    case $1 in
    tmpfs) mount_tmpfs -m "$4" -s "$3k" -o nosuid tmpfs "$2" ;;
    *) mount -t "$1" "$1" "$2" ;;
    esac
}
