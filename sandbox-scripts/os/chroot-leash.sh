#!/bin/sh
# shellcheck source-path=SCRIPTDIR/..
# chroot-leash.sh PARENT COMMAND... - becomes COMMAND, which is killed within a second or two after the process PARENT that started it has
# ended, and is not begun if that has ended before.
set -eu
# shellcheck source=host/os.sh
. "$BULK_SCRIPTS/host/os.sh"
[ "$PPID" = "$1" ] || exit 130
shift
born=$(os_born $$) parent=$PPID
# Not a child of COMMAND, so that COMMAND never waits for it.
(
    {
        trap '' HUP INT
        while sleep 1; do
            now=$(ps -o ppid= -p $$ | tr -d ' ') # kill -0 would see a dead parent that nobody has waited for
            [ "$now" != "$parent" ] || continue
            [ -z "$now" ] || [ "$(os_born $$)" != "$born" ] || kill -KILL $$
            exit 0
        done
    } </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
)
exec "$@"
