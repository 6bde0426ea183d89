#!/bin/sh
# vm/watch.sh QEMU VM_DIR - ends a virtual machine that has not booted after VM_BOOT seconds, or gives no sign of life for three minutes.
# Started by vm/machine.sh, which ends it; dies with it.
set -u
: "${BULK_SCRIPTS:?not set: vm/machine.sh starts this}"
# shellcheck source-path=SCRIPTDIR/.. source=host/host.sh
. "$BULK_SCRIPTS/host/host.sh"
seconds=0 silent=0 heard='' booted=''
trap 'kill "$sleep" 2>/dev/null; exit 0' TERM
while :; do
    os_nap 5 &
    sleep=$!
    wait "$sleep" || exit 0
    seconds=$((seconds + 5)) silent=$((silent + 5))
    beats=$(wc -c 2>/dev/null <"$2/beats") || beats=0
    [ "$beats" = "$heard" ] || silent=0
    heard=$beats
    if [ -n "$booted" ]; then
        [ "$silent" -ge 180 ] || continue
    elif [ -f "$2/booted" ]; then
        booted=yes silent=0
        continue
    else
        [ "$seconds" -ge "$BULK_VM_BOOT" ] || continue
    fi
    echo "pkgmkgen: no sign of life: ended" >>"$2/qemu"
    kill -KILL "$1"
    exit 0
done
