#!/bin/sh
# summary.sh - the end of a run: what became of every package that bulk.mk names, from the run's journal, the packages
# directory and bulk.mk; or why the run was halted. Called by run.sh. Exit: 0 all well; 1 failures; 75 halted.
set -eu
broken=$BULK_RUNDIR/broken
: >"$broken"
status=0
# shellcheck disable=SC2012 # names in PACKAGES/All are PKGNAMEs
ls -- "$BULK_PACKAGES/All" | awk -v suffix="$BULK_PKG_SUFX" -v log_="$BULK_LOG" -v brokenfile="$broken" \
    -f "$BULK_SCRIPTS/lib/summary.awk" -f "$BULK_SCRIPTS/lib/rules.awk" \
    events=1 "$BULK_RUNDIR/events" events= present=1 - present= "$BULK_MAKEFILE" >"$BULK_RUNDIR/summary" || status=1
cat -- "$BULK_RUNDIR/summary"
[ ! -s "$broken" ] || printf '  which broken by which: %s\n' "$broken"
printf '  logs and results: %s/PKGNAME/\n' "$BULK_LOG"
if [ -s "$BULK_RUNDIR/halt" ]; then
    printf '  the run was halted: %s\n  then the same make command goes on\n' "$(cat -- "$BULK_RUNDIR/halt")"
    status=75
fi
exit "$status"
