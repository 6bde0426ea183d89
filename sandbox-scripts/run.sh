#!/bin/sh
# shellcheck source-path=SCRIPTDIR
# run.sh build|fetch MAKE ARG... - one bulk run: MAKE ARG... builds (or fetches), then a summary. Called by `make all`
# and `make fetch`. When make dies, all processes of the run are killed.
# Exit: 0 success; 1 a package failed or is not done; 75 the run was halted; 130 interrupted.
set -u
umask 022
: "${BULK_SCRIPTS:?not set: call run.sh from bulk.mk}"
# shellcheck source=host/host.sh
. "$BULK_SCRIPTS/host/host.sh"
# shellcheck source=host/journal.sh
. "$BULK_SCRIPTS/host/journal.sh"
# shellcheck source=host/fetcher.sh
. "$BULK_SCRIPTS/host/fetcher.sh"

# shellcheck source=host/leavings.sh
. "$BULK_SCRIPTS/host/leavings.sh"
# shellcheck source=host/damaged.sh
. "$BULK_SCRIPTS/host/damaged.sh"
# shellcheck source=host/screen.sh
. "$BULK_SCRIPTS/host/screen.sh"

# dry_run: was make called with -n, -q or -t? It runs this script also then. GNU make has them in its first word.
dry_run() {
    dry_flags=${MAKEFLAGS:-}
    case ${dry_flags%% *} in -* | *=*) ;; *[nqt]*) return 0 ;; esac
    case " $dry_flags " in *" -n "* | *" -q "* | *" -t "*) return 0 ;; esac
    return 1
}

fetch_mk() { awk -f "$BULK_SCRIPTS/bulkmk/rules.awk" -f "$BULK_SCRIPTS/bulkmk/fetch.awk" "$BULK_MAKEFILE"; }

if dry_run; then
    goal=$1
    shift
    case $goal:${MAKEFLAGS:-} in
    build:*n*) "$@" | exec awk -f "$BULK_SCRIPTS/bulkmk/dry.awk" && exit ;;
    build:*) exec "$@" ;;
    esac
    fetch_mk | "$@" -f -
    exit
fi
[ -n "${BULK_PARENT:-}" ] || os_supervise sh "$0" "$@"
[ "$PPID" = "$BULK_PARENT" ] || exit 130 # make exited before it was supervised
goal=$1
shift
BULK_RUN=$(date -u +%Y%m%dT%H%M%SZ)@$(os_process_id $$)
run_identity $$
run_prepare
[ "$BULK_LAUNCH" != local ] || fetcher_check "$goal"
: >"$BULK_RUNDIR/events"
run_open "$goal" "$1"
[ "$goal" != build ] || damaged_packages
[ -z "${BULK_IGNORED:-}" ] || say note "ignored environment variables: $BULK_IGNORED (use make NAME=VALUE)"
if [ "$goal" = fetch ]; then
    fetch_mk >"$BULK_RUNDIR/fetch.mk"
    set -- "$@" -f "$BULK_RUNDIR/fetch.mk"
fi
screen_open "$(run_jobs)"
trap : HUP INT TERM
unset BULK_PARENT
{
    os_leash "$@"
} >"$screen_out" 2>"$screen_err" &
make=$!
status=0
wait "$make" || status=$?
while [ "$status" -gt 128 ] && kill -0 "$make" 2>/dev/null; do
    kill -TERM "$make" 2>/dev/null
    status=0
    wait "$make" || status=$?
done
make_status=$status
screen_close
BULK_COLOURS=
! screen_colours || BULK_COLOURS=yes
export BULK_COLOURS
sh "$BULK_SCRIPTS/host/summary.sh" "$goal" || status=$?
run_close "$goal" "$status" "$make_status"
os_rm "$run_shared"
exit "$status"
