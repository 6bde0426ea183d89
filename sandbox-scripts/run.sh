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
# shellcheck source=host/takeover.sh
. "$BULK_SCRIPTS/host/takeover.sh"
# shellcheck source=host/older.sh
. "$BULK_SCRIPTS/host/older.sh"
# shellcheck source=host/dry.sh
. "$BULK_SCRIPTS/host/dry.sh"
# shellcheck source=host/screen.sh
. "$BULK_SCRIPTS/host/screen.sh"
# shellcheck source=host/page.sh
. "$BULK_SCRIPTS/host/page.sh"

# variables_unknown: names variables of make's command line that are no settings, which make would take without a word.
variables_unknown() {
    variables_names='' variables_before=''
    : "${MAKEFLAGS:=}"
    for variables_word in $MAKEFLAGS; do
        case $variables_before:${variables_word%%=*}:$variables_word in
        *\\:* | *:*[!A-Z_]*:* | *:BULK_*:* | *:MAKEFLAGS:* | *:MAKEOVERRIDES:*) ;;
        *:?*:*=*) variables_names="$variables_names ${variables_word%%=*}" ;;
        esac
        variables_before=$variables_word
    done
    [ -z "$variables_names" ] || awk -v names="$variables_names" -f "$BULK_SCRIPTS/bulkmk/distance.awk" -f "$BULK_SCRIPTS/bulkmk/variables.awk" "$BULK_MAKEFILE" |
        while IFS= read -r variables_line; do say note "$variables_line"; done
}

# variables_ignored: names settings of the environment. bmake has those of its command line there, too.
variables_ignored() {
    variables_names=
    : "${BULK_IGNORED:=}"
    for variables_word in $BULK_IGNORED; do
        case " ${MAKEFLAGS:-}" in *" $variables_word="*) ;; *) variables_names="$variables_names $variables_word" ;; esac
    done
    [ -z "$variables_names" ] || say note "ignored environment variables:$variables_names (use make NAME=VALUE)"
}

fetch_mk() { awk -f "$BULK_SCRIPTS/bulkmk/rules.awk" -f "$BULK_SCRIPTS/bulkmk/fetch.awk" "$BULK_MAKEFILE"; }

if dry_run; then
    goal=$1
    shift
    [ "$goal" != build ] || { takeover && older_note; } >&2
    case $goal:${MAKEFLAGS:-} in
    build:*n*)
        case " $* " in *" RETRY=yes "*) BULK_RETRY=yes ;; esac
        "$@" | BULK_RETRY=$BULK_RETRY sh "$BULK_SCRIPTS/list.sh" dry
        exit
        ;;
    build:*) exec "$@" ;;
    esac
    fetch_mk | "$@" -f -
    exit
fi
[ -n "${BULK_PARENT:-}" ] || os_supervise sh "$0" "$@"
[ "$PPID" = "$BULK_PARENT" ] || exit 130 # make exited before it was supervised
goal=$1
shift
os_named $$
BULK_RUN=$(date -u +%Y%m%dT%H%M%SZ)@$os_name
run_identity $$
run_prepare
[ "$BULK_LAUNCH" != local ] || fetcher_check "$goal"
: >"$BULK_RUNDIR/events"
run_open "$goal" "$1"
[ "$goal" != build ] || damaged_packages
variables_ignored
[ "$goal" != build ] || takeover
older_note
[ "$goal.$BULK_INFRASTRUCTURE" != build.warn ] || {
    others=$(awk -v mk="${BULK_TREE_MK:--}" '{ was[$1] = $5 } END { for (name in was) n += was[name] != "-" && mk != "-" && was[name] != mk; print n + 0 }' \
        "$BULK_PACKAGES/.inputs/index" 2>/dev/null) || :
    [ "${others:-0}" -eq 0 ] || say note "$others packages were built when files below mk/ were others (INFRASTRUCTURE=rebuild builds them again)"
}
if [ "$goal" = fetch ]; then
    fetch_mk >"$BULK_RUNDIR/fetch.mk"
    set -- "$@" -f "$BULK_RUNDIR/fetch.mk"
fi
variables_unknown
page_open
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
sh "$BULK_SCRIPTS/host/summary.sh" "$goal" "$make_status" || status=$?
run_close "$goal" "$status" "$make_status"
page_close
os_rm "$run_shared"
exit "$status"
