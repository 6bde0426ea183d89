# shellcheck shell=sh source-path=SCRIPTDIR/..
# os/Linux-chroot-inside.sh - the inside of os/Linux-chroot.sh.

# shellcheck source=os/chroot-inside.sh
. /sandbox/scripts/os/chroot-inside.sh
# shellcheck disable=SC2034 # read by chroot-inside.sh
os_newer=-cnewer
chroot_as_user() {
    setpriv --reuid="$BULK_BUILD_USER" --regid="$(id -g "$BULK_BUILD_USER")" --init-groups --no-new-privs --inh-caps=-all --bounding-set=-all -- "$@"
}
