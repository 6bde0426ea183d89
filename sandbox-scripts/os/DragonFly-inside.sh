# shellcheck shell=sh source-path=SCRIPTDIR/..
# os/DragonFly-inside.sh - the inside of os/DragonFly.sh. Never run on DragonFly so far.

# shellcheck source=os/chroot-inside.sh
. /sandbox/scripts/os/chroot-inside.sh
# shellcheck disable=SC2034 # read by chroot-inside.sh
os_newer=-cnewer
chroot_as_user() { chroot_by_chroot "$@"; }
