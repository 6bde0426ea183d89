# shellcheck shell=sh
# verdict.sh - finds why a build failed: from the watch, its control groups, and the files in outdir/out, which are untrusted
# and checked here.
# shellcheck disable=SC2034

[ -z "${verdict_sourced:-}" ] || return 0
verdict_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/settings.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/result.sh"
: "${outdir=}" "${logdir=}" # set by build_begin

# verdict_phase: sets phase to the last phase of the sandbox.
verdict_phase() {
    IFS= read -r phase 2>/dev/null <"$outdir/out/phase" || :
    is_phase "${phase:-}" || phase=none
}

# verdict STATUS: sets verdict (failed, timed-out or killed) and reason (a line, empty if nothing is known) from the
# sandbox's exit status, the watch's outdir/verdict and outdir/room, outdir/limits (facts of sandbox_run), and, last, its log.
verdict() {
    verdict=failed reason=
    read -r reason 2>/dev/null <"$outdir/verdict" || : # the watch overwrites blanks
    if [ -n "$reason" ]; then
        case $reason in 'timed out'*) verdict=timed-out ;; 'took '* | 'disk full') verdict=killed ;; esac
    elif grep -qs '^OOM_KILLS=' "$outdir/limits"; then
        reason="out of memory at the limit of $BULK_MEMORY_MAX (MEMORY_MAX)"
    elif grep -qs '^FORKS_DENIED=' "$outdir/limits"; then
        reason="out of processes at the limit of $BULK_PROCESSES_MAX (PROCESSES_MAX)"
    elif verdict_full=$(sed -n 's/^WORK_FULL_KB=//p' "$outdir/limits") && [ -n "$verdict_full" ]; then
        reason="no space left in the work directory: $verdict_full kB (SCRATCH, SCRATCH_SIZE)"
    elif verdict_full=$(sed -n 's/^ROOT_FULL_KB=//p' "$outdir/limits") && [ -n "$verdict_full" ]; then
        reason="no space left outside the work directory: $verdict_full kB (ROOT_SIZE)"
    elif [ "$1" -eq 137 ] || [ "$1" -eq 1 ]; then
        verdict=killed reason="something in it was killed by signal 9"
    elif [ -f "$outdir/verdict" ] && [ ! -f "$outdir/room" ]; then
        verdict=killed reason="a disk in use ran full meanwhile"
    else
        reason=$(reason_of "$logdir/$phase.log")
        [ -s "$outdir/limits" ] || verdict_processes
    fi
}

# verdict_processes: without control groups, limits show only as errors of single processes in the log.
verdict_processes() {
    case $reason in
    'out of memory: '*) reason="out of memory at the limit of $BULK_MEMORY_MAX (MEMORY_MAX)${reason#out of memory}" ;;
    'out of processes: '*) reason="out of processes at the limit of $BULK_PROCESSES_MAX (PROCESSES_MAX)${reason#out of processes}" ;;
    esac
}
