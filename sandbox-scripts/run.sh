#!/bin/sh
# shellcheck source-path=SCRIPTDIR
# run.sh MAKE ARG... - one bulk run: MAKE ARG... builds, then a summary. Called by `make all`; takes down all it started
# when make dies. Exit: 0 all built; 1 something failed or is not done; 75 the run was halted; 130 interrupted.
set -u
umask 022
: "${BULK_SCRIPTS:?not set: call run.sh from bulk.mk}"
# shellcheck source=lib/host.sh
. "$BULK_SCRIPTS/lib/host.sh"
# make -n, -q and -t run this script too: with those, only the make below matters. GNU make has them in its first word.
make_flags=${MAKEFLAGS:-}
case ${make_flags%% *} in -* | *=*) ;; *[nqt]*) exec "$@" ;; esac
case " $make_flags " in *" -n "* | *" -q "* | *" -t "*) exec "$@" ;; esac
[ -n "${BULK_PARENT:-}" ] || os_supervise sh "$0" "$@"
BULK_RUN=$(date -u +%Y%m%dT%H%M%SZ)@$(os_process_id $$)
run_identity $$
run_prepare
: >"$BULK_RUNDIR/events"
trap : HUP INT TERM
unset BULK_PARENT
os_leash "$@" &
make=$!
status=0
wait "$make" || status=$?
while [ "$status" -gt 128 ] && kill -0 "$make" 2>/dev/null; do
    kill -TERM "$make" 2>/dev/null
    status=0
    wait "$make" || status=$?
done
sh "$BULK_SCRIPTS/summary.sh" || status=$?
rm -rf --one-file-system -- "$run_shared"
exit "$status"
