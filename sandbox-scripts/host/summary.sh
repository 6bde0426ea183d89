#!/bin/sh
# host/summary.sh build|fetch [MAKE_STATUS] - the end of a run: the state of every package of bulk.mk, from the journal of the run, the
# packages directory and bulk.mk; or why the run was halted. Called by run.sh. Exit: 0 all well; 1 failures; 75 halted.
set -eu
status=0
case $1 in
build)
    broken=$BULK_RUNDIR/broken
    : >"$broken"
    halted=''
    [ ! -s "$BULK_RUNDIR/halt" ] || halted=1
    : >"$BULK_RUNDIR/states.new"
    [ -f "$BULK_RUNDIR/results" ] || : >"$BULK_RUNDIR/results"
    # shellcheck disable=SC2012 # names in PACKAGES/All are PKGNAMEs
    ls -- "$BULK_PACKAGES/All" | awk -v suffix="$BULK_PKG_SUFX" -v logs="$BULK_LOG" -v brokenfile="$broken" \
        -v statesfile="$BULK_RUNDIR/states.new" -v halted="$halted" -v only="${BULK_ONLY:-}" \
        -f "$BULK_SCRIPTS/bulkmk/summary.awk" -f "$BULK_SCRIPTS/bulkmk/rules.awk" \
        events=1 "$BULK_RUNDIR/events" events='' present=1 - present='' \
        results=1 "$BULK_RUNDIR/results" results='' "$BULK_MAKEFILE" >"$BULK_RUNDIR/summary" || status=1
    mv -f -- "$BULK_RUNDIR/states.new" "$BULK_RUNDIR/states"
    {
        awk -v colours="${BULK_COLOURS:-}" '{ print colours && /^  failed / ? "\033[31m" $0 "\033[0m" : $0 }' "$BULK_RUNDIR/summary"
        [ ! -s "$broken" ] || printf '  broken packages and their causes: %s\n' "$broken"
        printf '  logs and results: %s/PKGNAME/\n' "$BULK_LOG"
    } 2>/dev/null || :
    ;;
fetch)
    awk '{ if (word[$2] != "failed") word[$2] = $1 } END { for (dir in word) n[word[dir]]++; printf "distfiles of %d package directories: %d fetched or there, %d not\n", n["fetched"] + n["failed"], n["fetched"], n["failed"]; exit n["failed"] > 0 }' \
        "$BULK_RUNDIR/events" || status=1
    ;;
esac
[ ! -e "$BULK_RUNDIR/drain" ] || printf '  the run was ended by pkgmkgen pause --end: the same make command continues it\n'
[ "${2:-0}" -le 128 ] || printf '  the run was interrupted: the same make command continues it\n'
if [ -s "$BULK_RUNDIR/halt" ]; then
    printf '  the run was halted: %s\n  then run the same make command again\n' "$(cat -- "$BULK_RUNDIR/halt")"
    status=75
fi
exit "$status"
