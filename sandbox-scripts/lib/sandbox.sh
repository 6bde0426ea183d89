# shellcheck shell=sh
# sandbox.sh - one build's sandbox on the machine that builds: what it needs there, its work under watch, what it leaves.
# Used by launch/local.sh and, at the other end of the other launchers, by remote.sh. Needs: host.sh, limits.sh, distcc.sh.
# shellcheck disable=SC2154 # outdir, logdir and build_me are set by the caller

# sandbox_prepare DIR: once a run on this machine, under a lock: removes what dead builds left, makes in DIR what all
# sandboxes of the run share.
sandbox_prepare() {
    mkdir -p -- "$BULK_SANDBOXDIR/scratch" || machine_failure "cannot make $BULK_SANDBOXDIR/scratch" "check SANDBOXDIR"
    # What is dead is told by processes, which other machines do not see.
    sandbox_machine=$(uname -n)
    if [ -f "$BULK_SANDBOXDIR/machine" ] && read -r sandbox_other <"$BULK_SANDBOXDIR/machine" && [ "$sandbox_other" != "$sandbox_machine" ]; then
        machine_failure "SANDBOXDIR $BULK_SANDBOXDIR belongs to the machine $sandbox_other" \
            "give each machine a SANDBOXDIR of its own, on a local disk (if this one was renamed: rm $BULK_SANDBOXDIR/machine)"
    fi
    printf '%s\n' "$sandbox_machine" >"$BULK_SANDBOXDIR/machine"
    run_sweep "$BULK_SANDBOXDIR/scratch" "$BULK_SANDBOXDIR/jobs"
    distcc_check
    os_prepare "$1"
}

# sandbox_open: names the scratch directory and the control groups of this build, for the caller to make.
sandbox_open() {
    distcc_settings
    limits_check
    limits_scratch
    scratch=
    [ "$BULK_SCRATCH" != disk ] || scratch=$BULK_SANDBOXDIR/scratch/$build_me
    os_limit "$build_me"
}

# sandbox_run SCRIPT ARG...: SCRIPT in a sandbox, under watch; its status. Leaves in outdir: `out`, written inside; `limits`,
# facts; `verdict`, if the watch ended it.
sandbox_run() {
    os_sandbox "$outdir" "$logdir" "$scratch" "$@"
    distcc_relay "$outdir"
    sandbox_watch=
    if [ -z "${BULK_TTY:-}" ]; then
        os_leash sh "$BULK_SCRIPTS/watch.sh" "$os_child" "$logdir" "$outdir/verdict" 8<&- &
        sandbox_watch=$!
    fi
    sandbox_status=0
    os_wait || sandbox_status=$?
    os_child=
    [ -z "$sandbox_watch" ] || kill "$sandbox_watch" 2>/dev/null || :
    distcc_unrelay "$outdir" "$logdir"
    os_limit_facts >"$outdir/limits"
    return "$sandbox_status"
}
