#!/bin/sh
# shellcheck source-path=SCRIPTDIR/..
# chroot-leash.sh PARENT COMMAND... - becomes COMMAND, which is killed within a second or two after the process PARENT that started it has
# ended (within six if nobody has waited for that process), and is not begun if that has ended before.
set -eu
# shellcheck source=host/os.sh
. "$BULK_SCRIPTS/host/os.sh"
# shellcheck source=os/chroot.sh
. "$BULK_SCRIPTS/os/chroot.sh"
[ "$PPID" = "$1" ] || exit 130
shift
born=$(os_born $$) parent=$PPID
# Not a child of COMMAND, so that COMMAND never waits for it.
(
    {
        trap '' HUP INT
        while sleep 1; do
            ! chroot_seen "$parent" || ! kill -0 $$ 2>/dev/null || continue
            now=$(ps -o ppid= -p $$)
            now=$((now)) # without blanks
            [ "$now" -ne "$parent" ] || continue
            [ "$now" -eq 0 ] || [ "$(os_born $$)" != "$born" ] || kill -KILL $$
            exit 0
        done
    } </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
)
exec "$@"
