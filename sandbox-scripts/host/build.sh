# shellcheck shell=sh source-path=SCRIPTDIR/..
# build.sh - the parts around one sandbox: names, directories, lock, limits, and the clean-up at its end.

[ -z "${build_sourced:-}" ] || return 0
build_sourced=yes
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
. "$BULK_SCRIPTS/host/leavings.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/pool.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/cause.sh"
: "${cause_what=}" # set by cause
: "${run_distfiles=}" "${run_shared=}" "${os_name=}" # set by run_identity and os_named

# build_begin PKGNAME LOGDIR: sets pkgname, logdir, outdir, distdir and takes the lock of LOGDIR. Returns 1 if it had to wait
# for it.
build_begin() {
    pkgname=$1 logdir=$2
    run_identity "$PPID"
    [ ! -e "$BULK_RUNDIR/halt" ] || exit 75
    run_prepare
    disk_guard
    limits_of "$pkgname"
    mkdir -p -- "$logdir" || machine_failure "cannot create directory $logdir" "check permissions and free space of BULKLOG"
    build_waited=0
    os_lock "$logdir" build_waits || build_waited=1
    os_named $$
    build_me=$pkgname@$os_name
    outdir=$BULK_PACKAGES/.staging/$build_me
    distdir=$run_distfiles$build_me
    return "$build_waited"
}

# build_waits: says which process of which run builds the package.
build_waits() {
    for waits_for in "$BULK_PACKAGES/.staging/$pkgname"@*; do waits_for=${waits_for##*@}; done
    waits_run=$(grep -ls "^start $pkgname $waits_for " "$BULK_LOG"/.runs/*/events | tail -n 1)
    waits_run=${waits_run%/events}
    waits_run=${waits_run##*/}
    say waiting "$pkgname: another make builds it: process ${waits_for%%.*}${waits_run:+, run $waits_run}"
}

# build_open: makes the directories of this build (outdir and outdir/built for the host, outdir/out for the sandbox) and those that the
# launcher needs on this machine; all are removed when this process ends. While the sandbox can write to the log
# directory, other users cannot reach it; the other directories are below directories of mode 700 (host/prepare.sh).
build_open() {
    scratch='' BULK_CGROUPS=''
    launch_open
    os_janitor "$logdir" "$outdir" "$distdir" ${scratch:+"$scratch"}
    build_janitor=$!
    trap build_interrupted HUP INT TERM
    # shellcheck disable=SC2086 # control groups have no blanks in their names
    os_mkdir $BULK_CGROUPS "$outdir" "$outdir/out" "$outdir/built" ${scratch:+"$scratch"} 2>"$run_shared/$pkgname.said" || {
        cause "$run_shared/$pkgname.said"
        machine_failure "cannot create the directories of a build: $cause_what" "check permissions and free space of PACKAGES, SANDBOXDIR and /sys/fs/cgroup"
    }
    chmod 0700 "$logdir"
    [ -z "$BULK_CGROUPS" ] || os_limit_set "$BULK_MEMORY_KB" "$BULK_PROCESSES_MAX"
    [ -z "$scratch" ] || chmod 1777 "$scratch"
    pool_open
    [ ! -e "$BULK_RUNDIR/halt" ] || build_leave 75 # halted meanwhile
}

# build_run SCRIPT ARG...: runs SCRIPT in a sandbox of the launcher, returns its status. Afterwards its output is only plain
# files (leavings.sh), also if it came from another machine.
build_run() {
    build_status=0
    launch_run "$@" || build_status=$?
    [ "$BULK_LAUNCH" = local ] || leavings_clean "$outdir" "$logdir" "$1" ||
        machine_failure "cannot set owners and modes of what the sandbox left in $outdir and $logdir" "check the file systems of PACKAGES and BULKLOG"
    return "$build_status"
}

# build_leave STATUS: removes all files of this build except its logs, its result and its package.
build_leave() {
    trap '' HUP INT TERM
    build_close
    exit "$1"
}
build_close() {
    pool_close
    os_unlimit "$outdir" "$distdir" ${scratch:+"$scratch"} ${stack_aside:+"$stack_aside"}
    kill "$build_janitor" 2>/dev/null || :
}

build_interrupted() {
    trap '' HUP INT TERM
    os_kill
    say stopped "$pkgname"
    run_event stopped "$pkgname"
    build_leave 130
}
