# shellcheck shell=sh source-path=SCRIPTDIR/..
# os/SunOS-inside.sh - the inside of os/SunOS.sh. Never run on illumos so far.

# shellcheck source=os/chroot-inside.sh
. /sandbox/scripts/os/chroot-inside.sh
# shellcheck disable=SC2034 # read by chroot-inside.sh and inside/common.sh
os_newer=-newer os_path=/usr/xpg4/bin:/usr/bin:/usr/sbin:/sbin
PATH=$os_path
# su takes one word for a shell: the command is passed quoted.
chroot_as_user() {
    user_command=
    for user_word; do
        user_command="$user_command '$(printf '%s\n' "$user_word" | sed "s/'/'\\\\''/g")'"
    done
    su "$BULK_BUILD_USER" -c "exec$user_command"
}
