# shellcheck shell=sh source-path=SCRIPTDIR/..
# os/FreeBSD-inside.sh - the inside of os/FreeBSD.sh. Never run on FreeBSD so far.

# shellcheck source=os/chroot-inside.sh
. /sandbox/scripts/os/chroot-inside.sh
# shellcheck disable=SC2034 # read by chroot-inside.sh
os_newer=-cnewer
chroot_as_user() { chroot_by_chroot "$@"; }
