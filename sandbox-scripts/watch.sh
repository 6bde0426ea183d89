#!/bin/sh
# shellcheck source-path=SCRIPTDIR
# watch.sh SANDBOX LOGDIR VERDICT - ends a sandbox (the process that os_sandbox started) that takes longer than TIMEOUT,
# writes nothing to its logs for TIMEOUT_SILENT, or more than LOG_MAX, or while the disk runs full, or for which nobody waits any more (remote.sh); says which in the file
# VERDICT. Started by build.sh, which ends it; dies with it. Seconds are counted in naps, so that a machine that sleeps
# or is starved does not count.
set -u
: "${BULK_SCRIPTS:?not set: build.sh starts this}"
# shellcheck source=lib/host.sh
. "$BULK_SCRIPTS/lib/host.sh"
[ "$PPID" = "$BULK_BUILDER" ] || exit 130 # it died before the watch was bound to it
os_child=$1 logdir=$2 verdict=$3
nap=2
[ "$BULK_TIMEOUT_SILENT" -ge 20 ] && [ "$BULK_TIMEOUT" -ge 20 ] || nap=1
seconds=0 silent=0 before=0 heard=0 unheard=0 sleep=

# sentence TEXT: carries it out.
sentence() {
    printf '%s\n' "$1" >"$verdict"
    os_kill_child
    exit 0
}

trap 'kill "$sleep" 2>/dev/null; exit 0' TERM
while :; do
    os_leash sleep "$nap" &
    sleep=$!
    wait "$sleep" || exit 0
    kill -0 "$BULK_BUILDER" 2>/dev/null || exit 0 # where the leash can be killed, too
    seconds=$((seconds + nap)) silent=$((silent + nap))
    # ls follows no link in the log directory: the sandbox can write there.
    # shellcheck disable=SC2012 # sizes, not names
    written=$(ls -ln -- "$logdir" 2>/dev/null | awk '{ sum += $5 } END { printf "%.0f %d\n", sum, sum / 1048576 }')
    [ "$written" = "$before" ] || silent=0
    before=$written
    [ "$seconds" -lt "$BULK_TIMEOUT" ] || sentence "timed out after $BULK_TIMEOUT s (TIMEOUT)"
    [ "$silent" -lt "$BULK_TIMEOUT_SILENT" ] || sentence "timed out after $BULK_TIMEOUT_SILENT s without output (TIMEOUT_SILENT)"
    [ "${written#* }" -lt "$BULK_LOG_MAX" ] || sentence "wrote more than $BULK_LOG_MAX MB of logs (LOG_MAX)"
    if [ -n "${BULK_BEATS:-}" ]; then
        beats=$(wc -c <"$BULK_BEATS")
        [ "$beats" != "$heard" ] || [ $((unheard += nap)) -lt 60 ] || sentence "nobody waits: the machine that schedules has been silent for 60 s"
        [ "$beats" = "$heard" ] || unheard=0
        heard=$beats
    fi
    [ $((seconds % 20)) -ne 0 ] || [ -z "$(disk_full)" ] || sentence "disk full"
done
