# shellcheck shell=sh source-path=SCRIPTDIR/..
# sandbox.sh - the sandbox of one build on the machine that builds: preparation, supervised run, collection of its output.
# Used by launch/local.sh and, at the other end of the other launchers, by remote/remote.sh.

[ -z "${sandbox_sourced:-}" ] || return 0
sandbox_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/say.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/settings.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/os.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/run.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/limits.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/distcc.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/leavings.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/pool.sh"
: "${build_me=}" "${run_launch=}" "${outdir=}" "${logdir=}" "${limits_size=}" # set by the caller, and by limits_kb

# sandbox_prepare DIR: once a run on this machine, under a lock: removes the remains of dead builds, makes in DIR the files that
# all sandboxes of the run share.
sandbox_prepare() {
    { mkdir -p -- "$BULK_SANDBOXDIR/scratch" "$BULK_SANDBOXDIR/jobs" && chmod 700 "$BULK_SANDBOXDIR/scratch" "$BULK_SANDBOXDIR/jobs"; } ||
        machine_failure "cannot create directory $BULK_SANDBOXDIR/scratch" "check permissions and free space of SANDBOXDIR"
    # Dead builds are recognized by their processes, which other machines cannot see.
    sandbox_machine=$(uname -n)
    if [ -f "$BULK_SANDBOXDIR/machine" ] && read -r sandbox_other <"$BULK_SANDBOXDIR/machine" && [ "$sandbox_other" != "$sandbox_machine" ]; then
        machine_failure "SANDBOXDIR=$BULK_SANDBOXDIR is in use by the machine $sandbox_other" \
            "give each machine its own SANDBOXDIR on a local disk; if this machine was renamed: rm $BULK_SANDBOXDIR/machine"
    fi
    printf '%s\n' "$sandbox_machine" >"$BULK_SANDBOXDIR/machine"
    run_sweep "$BULK_SANDBOXDIR/scratch" "$BULK_SANDBOXDIR/jobs"
    distcc_check
    { nproc || getconf _NPROCESSORS_ONLN || getconf NPROCESSORS_ONLN || echo 1; } 2>/dev/null >"$1/processors"
    pool_prepare "$1"
    os_prepare "$1"
}

# sandbox_open: names the scratch directory and the control groups of this build, for the caller to make.
sandbox_open() {
    distcc_settings
    limits_check
    limits_scratch
    sandbox_jobs
    scratch=
    [ "$BULK_SCRATCH" != disk ] || scratch=$BULK_SANDBOXDIR/scratch/$build_me
    os_limit "$build_me"
}

# sandbox_jobs: sets BULK_USUAL_JOBS, the default of MAKE_JOBS: the processors of this machine divided by its job slots, which are
# BULK_SLOTS or those of make -j.
sandbox_jobs() {
    sandbox_slots=${BULK_SLOTS:-1} sandbox_flags=" ${MAKEFLAGS:-} "
    case ${BULK_SLOTS:-}$sandbox_flags in
    ' '*' -j'*)
        sandbox_slots=${sandbox_flags##* -j}
        sandbox_slots=${sandbox_slots# }
        sandbox_slots=${sandbox_slots%% *}
        ;;
    esac
    read -r sandbox_processors <"$run_launch/processors"
    case $sandbox_slots in *[!0-9]* | '' | 0) sandbox_slots=$sandbox_processors ;; esac # -j without a number
    BULK_USUAL_JOBS=$((sandbox_processors / sandbox_slots))
    [ "$BULK_USUAL_JOBS" -gt 0 ] || BULK_USUAL_JOBS=1
    export BULK_USUAL_JOBS
}

# sandbox_run SCRIPT ARG...: runs SCRIPT in a sandbox, with a watch; returns its status. Leaves in outdir: `out`, written by the
# sandbox; `said`, its standard error (but with a terminal); `limits`, facts; `verdict`, if the watch ended the sandbox; `built/PKGNAME` with the suffix, the built package, a copy
# that the sandbox could not change (host/keep.sh).
sandbox_run() {
    sandbox_keep "$@"
    { printf '%200s\n' '' >"$outdir/verdict" && : >"$outdir/room"; } || machine_failure "cannot write to $outdir" "check permissions and free space of PACKAGES"
    if [ -n "${BULK_TTY:-}" ]; then
        os_sandbox "$outdir" "$logdir" "$scratch" "$@" 9>&2
    else
        os_sandbox "$outdir" "$logdir" "$scratch" "$@" 9>"$outdir/said"
    fi
    distcc_relay "$outdir"
    sandbox_watch=
    if [ -z "${BULK_TTY:-}" ]; then
        sandbox_nap=${os_watch_nap:-2} # set by os/chroot.sh
        [ "$BULK_TIMEOUT_SILENT" -ge 20 ] && [ "$BULK_TIMEOUT" -ge 20 ] || sandbox_nap=1
        os_look "$sandbox_nap" "$logdir" "$outdir/out" \
            sh "$BULK_SCRIPTS/host/watch.sh" "$sandbox_nap" "$os_child" "$logdir" "$outdir" "$sandbox_keeper" ${scratch:+"$scratch"} 8<&- &
        sandbox_watch=$!
    fi
    sandbox_status=0
    os_wait || sandbox_status=$?
    os_child=
    # shellcheck disable=SC2086 # process numbers
    kill $sandbox_watch $sandbox_keeper 2>/dev/null || :
    # The caller tells of it if the sandbox could not be made (cause.sh).
    [ ! -s "$outdir/said" ] || [ "$sandbox_status:${BULK_REMOTE:-}" = 75: ] || cat -- "$outdir/said" >&2
    [ -z "$sandbox_keeper" ] || wait "$sandbox_keeper" 2>/dev/null || case $? in 137 | 265) sandbox_status=137 ;; esac # it was killed
    # A package too large for the disk of one host may fit on another.
    [ -z "${BULK_REMOTE:-}" ] || [ -z "$scratch" ] || [ "$sandbox_status" -eq 0 ] || disk_guard
    [ -z "$scratch" ] || os_rm "$scratch" # a full disk has free space again before it is checked
    leavings_clean "$outdir" "$logdir" "$1" || machine_failure "cannot set owners and modes of what the sandbox left in $outdir and $logdir" "check the file systems of PACKAGES and BULKLOG"
    distcc_unrelay "$outdir" "$logdir"
    os_limit_facts >"$outdir/limits"
    case ${BULK_TTY:-}$sandbox_status in
    3) sandbox_full WORK_FULL_KB "$BULK_SCRATCH_SIZE" ;;
    4) sandbox_full ROOT_FULL_KB "$BULK_ROOT_SIZE" ;;
    esac
    return "$sandbox_status"
}

# sandbox_full KEY SIZE: a file system of that size was full at the end of a package that failed.
sandbox_full() {
    sandbox_status=2
    limits_kb "$1" "$2"
    printf '%s=%s\n' "$1" "$limits_size" >>"$outdir/limits"
}

# sandbox_keep SCRIPT PKGNAME...: if SCRIPT builds a package, starts the process that receives it (host/keep.sh), with pipes that
# are opened before the sandbox is made. Sets sandbox_keeper.
sandbox_keep() {
    sandbox_keeper=
    [ "$1" = inside/phases.sh ] || return 0
    [ ! -p "$outdir/out/package" ] || os_rm "$outdir/out/package" "$outdir/out/kept" "$outdir/built/$2$BULK_PKG_SUFX" # of a machine that died
    mkfifo -m 600 "$outdir/out/package" "$outdir/out/kept" ||
        machine_failure "cannot create named pipes in $outdir/out" "put PACKAGES on a file system that supports them (mkfifo)"
    export BULK_BUILDER=$$
    # shellcheck disable=SC2094 # the ends of pipes
    {
        os_leash sh "$BULK_SCRIPTS/host/keep.sh" "$outdir/built/$2$BULK_PKG_SUFX" <&5 >&6 5<&- 6>&- 7<&7 8<&- &
        sandbox_keeper=$!
    } 7<>"$outdir/out/package" 6<>"$outdir/out/kept" 5<"$outdir/out/package"
}
