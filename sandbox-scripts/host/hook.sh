# shellcheck shell=sh source-path=SCRIPTDIR/..
# hook.sh - runs the user's command HOOK at events of a run.

[ -z "${hook_sourced:-}" ] || return 0
hook_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/say.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/settings.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/os.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/run.sh"
: "${os_caller=}" # set by os/SYSTEM.sh

# hook EVENT FILE: runs HOOK, if set, for EVENT (run-start, package, run-end) with the KEY=VALUE lines of FILE in its
# environment as HOOK_KEY. If it fails, a message is printed and the run continues.
hook() {
    [ -n "$BULK_HOOK" ] || return 0
    hook_event=$1 hook_file=$2
    (
        set -- "HOOK_EVENT=$hook_event" "HOOK_RUNDIR=$BULK_RUNDIR" "HOOK_BULKLOG=$BULK_LOG"
        while IFS= read -r hook_line; do
            case ${hook_line%%=*} in *[!A-Z_]* | '') ;; *) [ ${#hook_line} -gt 100000 ] || set -- "$@" "HOOK_$hook_line" ;; esac
        done <"$hook_file"
        unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
        # shellcheck disable=SC2086 # words, of the OS contract
        exec env "$@" $os_caller sh -c "$BULK_HOOK" </dev/null 8<&-
    ) || say hook "$hook_event: \"$BULK_HOOK\" failed"
}
