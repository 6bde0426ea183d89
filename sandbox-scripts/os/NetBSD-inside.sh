# shellcheck shell=sh source-path=SCRIPTDIR/..
# os/NetBSD-inside.sh - the inside of os/NetBSD.sh. Never run on NetBSD so far.

# shellcheck source=os/chroot-inside.sh
. /sandbox/scripts/os/chroot-inside.sh
# shellcheck disable=SC2034 # read by chroot-inside.sh
os_newer=-cnewer
chroot_as_user() { chroot -u "$BULK_BUILD_USER" -g "$(id -g "$BULK_BUILD_USER")" / "$@"; }
