# shellcheck shell=sh source-path=SCRIPTDIR/..
# os/NetBSD-inside.sh - the inside of os/NetBSD.sh. An earlier form ran on NetBSD 7.99.

# shellcheck source=os/chroot-inside.sh
. /sandbox/scripts/os/chroot-inside.sh
# shellcheck disable=SC2034 # read by chroot-inside.sh
os_newer=-cnewer
chroot_as_user() { chroot_by_chroot "$@"; }
