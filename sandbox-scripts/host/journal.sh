# shellcheck shell=sh source-path=SCRIPTDIR/..
# journal.sh - writes BULKLOG/.runs/RUN, the folder of a run, for reports and history.
#   run      KEY=VALUE: the facts of the run, AGAIN the command that continues it; END, STATUS and MAKE_STATUS when it has ended
#   plan.gz  the plan of bulk.mk (plan.awk)
#   events   the journal, written by run_event (run.sh)
#   states   the final state of every package, by summary.awk; all reports read it
#   results  the results of its packages, each followed by an empty line; results.gz when the run has ended

[ -z "${journal_sourced:-}" ] || return 0
journal_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/say.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/settings.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/hook.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/run.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/cause.sh"
: "${cause_what=}" "${cause_fix=}" # set by cause

# run_open GOAL MAKE: the run begins.
run_open() {
    {
        printf '%s\n' "RUN=$BULK_RUN" "GOAL=$1" "HOST=$(uname -n)" "SYSTEM=$(uname -srm)" "MAKE=$2" \
            "JOBS=$(run_jobs)" "MAKE_JOBS=$BULK_MAKE_JOBS" "PKGSRCDIR=$BULK_PKGSRCDIR" "PACKAGES=$BULK_PACKAGES" \
            "AGAIN=$(run_again "$1" "$2")" "REVISION=$(run_revision)" "DISTDIR=$BULK_DISTDIR" "SANDBOXDIR=$BULK_SANDBOXDIR" "PKG_SUFX=$BULK_PKG_SUFX" "START=$(date +%s)"
    } >"$BULK_RUNDIR/run"
    awk -f "$BULK_SCRIPTS/bulkmk/rules.awk" -f "$BULK_SCRIPTS/bulkmk/plan.awk" "$BULK_MAKEFILE" | gzip -c >"$BULK_RUNDIR/plan.gz"
    hook run-start "$BULK_RUNDIR/run"
}

# run_close GOAL STATUS MAKE_STATUS: the run has ended; updates the repository, except if make was killed or interrupted:
# then the run must end quickly.
run_close() {
    printf '%s\n' "END=$(date +%s)" "STATUS=$2" "MAKE_STATUS=$3" >>"$BULK_RUNDIR/run"
    [ ! -f "$BULK_RUNDIR/results" ] || gzip -f "$BULK_RUNDIR/results"
    [ "$1" = fetch ] || [ "$3" -gt 128 ] || [ -e "$BULK_RUNDIR/halt" ] || run_repository
    hook run-end "$BULK_RUNDIR/run"
}

# run_repository: updates the repository of the packages.
run_repository() {
    repository_said=$BULK_RUNDIR/repository
    sh "$BULK_SCRIPTS/repository.sh" 2>"$repository_said" || {
        cause "$repository_said"
        say repository "could not be updated: $cause_what (to mend it: $cause_fix; then make -f $BULK_MAKEFILE repository)"
        return 0
    }
    cat -- "$repository_said" >&2
    rm -f -- "$repository_said"
}

# run_revision: the revision of the tree, if it is a checkout of git.
run_revision() {
    [ ! -e "$BULK_PKGSRCDIR/.git" ] || git -c safe.directory='*' -C "$BULK_PKGSRCDIR" rev-parse --verify -q HEAD 2>/dev/null || :
}

# run_again GOAL MAKE: the command that continues the run, with the settings of make's command line, as far as they need no quotes.
run_again() {
    case $BULK_MAKEFILE in /*) again_file=$BULK_MAKEFILE ;; *) again_file=$PWD/$BULK_MAKEFILE ;; esac
    again_text="$2 -f $again_file" again_jobs=$(run_jobs)
    [ -z "$again_jobs" ] || again_text="$again_text -j $again_jobs"
    : "${MAKEFLAGS:=}"
    for again_word in $MAKEFLAGS; do
        case $again_word in *[!A-Za-z0-9_=%+,./:@~-]*) continue ;; esac
        case "$again_text " in *" $again_word "*) continue ;; esac
        case ${again_word%%=*}:$again_word in *[!A-Z_]*:* | :* | BULK_*:* | MAKEFLAGS:* | MAKEOVERRIDES:*) ;; *:*=*) again_text="$again_text $again_word" ;; esac
    done
    [ "$1" = build ] || again_text="$again_text $1"
    printf '%s\n' "$again_text"
}

# run_jobs: the number of jobs of make; empty if unknown. GNU make has -j6 in MAKEFLAGS, bmake -j 6.
run_jobs() { printf '%s\n' "${MAKEFLAGS:-} ${MAKE_JOBS_GIVEN:-}" | sed -n 's/.*-j *\([1-9][0-9]*\).*/\1/p'; }
