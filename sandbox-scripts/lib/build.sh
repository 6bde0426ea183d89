# shellcheck shell=sh
# build.sh - the frame around one sandbox: its names and directories, its lock, its end however it comes.
# Needs: host.sh.

# build_begin PKGNAME: sets pkgname, logdir, outdir, distdir, scratch and takes the lock of the package. Returns 1 if it
# had to wait for it.
build_begin() {
    pkgname=$1
    logdir=$BULK_LOG/$pkgname
    run_identity "$PPID"
    [ ! -e "$BULK_RUNDIR/halt" ] || exit 75
    run_prepare
    disk_guard
    mkdir -p -- "$logdir" || machine_failure "cannot make $logdir" "check BULKLOG and its file system"
    build_waited=0
    os_lock "$logdir" || build_waited=1
    build_me=$pkgname@$(os_process_id $$)
    outdir=$BULK_PACKAGES/.staging/$build_me
    distdir=$BULK_DISTDIR/.staging/$build_me
    scratch=
    [ "$BULK_SCRATCH" != disk ] || scratch=$BULK_SANDBOXDIR/scratch/$build_me
    return "$build_waited"
}

# build_open: makes the directories of this build and sees to it that they go when this process ends.
build_open() {
    os_janitor "$logdir" "$outdir" "$distdir" ${scratch:+"$scratch"}
    build_janitor=$!
    trap build_interrupted HUP INT TERM
    mkdir -- "$outdir"
    [ -z "$scratch" ] || mkdir -m 1777 -- "$scratch"
}

# build_leave STATUS: nothing of this build stays but its logs, its record and, if it was built, its package.
build_leave() {
    trap '' HUP INT TERM
    rm -rf --one-file-system -- "$outdir" "$distdir" ${scratch:+"$scratch"}
    kill "$build_janitor" 2>/dev/null || :
    exit "$1"
}

build_interrupted() {
    trap '' HUP INT TERM
    os_kill
    say stopped "$pkgname"
    build_leave 130
}
