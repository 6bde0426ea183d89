#!/bin/sh
# shellcheck source-path=SCRIPTDIR/..
# chroot-leash.sh COMMAND... - becomes COMMAND, which is killed within two seconds (ten, if its number is used again) after the process that started it has ended.
set -eu
# shellcheck source=host/os.sh
. "$BULK_SCRIPTS/host/os.sh"
born=$(os_born $$) parent=$PPID
# Not a child of COMMAND, so that COMMAND never waits for it.
(
    {
        trap '' HUP INT
        look=0
        while sleep 2; do
            look=$((look + 1)) # while both numbers are in use, only every tenth second
            ! kill -0 "$parent" 2>/dev/null || ! kill -0 $$ 2>/dev/null || [ $((look % 5)) -eq 0 ] || continue
            now=$(ps -o ppid= -p $$ | tr -d ' ')
            [ "$now" != "$parent" ] || continue
            [ -z "$now" ] || [ "$(os_born $$)" != "$born" ] || kill -KILL $$
            exit 0
        done
    } </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
)
exec "$@"
