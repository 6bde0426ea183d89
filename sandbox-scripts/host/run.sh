# shellcheck shell=sh source-path=SCRIPTDIR/..
# run.sh - shared by the builds of one run: its name, its preparation, its journal, the check of free disk space.

[ -z "${run_sourced:-}" ] || return 0
run_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/say.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/settings.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/os.sh"
: "${os_name=}" # set by os_named

# run_identity PID: names the run after the make process PID unless BULK_RUN names it already.
run_identity() {
    [ -n "${BULK_RUN:-}" ] || { os_named "$1"; BULK_RUN=direct@$os_name; }
    BULK_RUNDIR=$BULK_LOG/.runs/$BULK_RUN
    run_shared=$BULK_SANDBOXDIR/run/$BULK_RUN
    run_launch=$run_shared/$BULK_LAUNCH
    # Machines may share DISTDIR, and a machine does not know which processes of others are alive.
    : "${BULK_MACHINE:=$(os_machine)}"
    run_distfiles=$BULK_DISTDIR/.staging/$BULK_MACHINE:
    export BULK_RUN BULK_RUNDIR BULK_MACHINE run_distfiles
}

# run_prepare: reads the files that the builds of this run share; the first build makes them, with host/prepare.sh.
run_prepare() {
    [ -e "$run_launch/ready" ] || {
        os_check
        [ "$BULK_LAUNCH" != local ] || os_limits_room
        (os_contain sh "$BULK_SCRIPTS/host/prepare.sh") || exit
    }
    # shellcheck source=/dev/null
    . "$run_launch/ready"
    # shellcheck source=/dev/null
    [ ! -f "$run_launch/trees" ] || . "$run_launch/trees"
}

# run_sweep DIR...: removes files and directories of dead processes in the DIRs; their names contain the process. Finished runs stay.
run_sweep() {
    for sweep_dir; do
        for sweep_left in "$sweep_dir"/*@*; do
            case $sweep_left in
            "$BULK_LOG/.runs/"[0-9]*) continue ;;
            "$run_distfiles"*) ;;
            "$BULK_DISTDIR/.staging/"*) continue ;; # of another machine
            esac
            [ ! -e "$sweep_left" ] || os_process_alive "${sweep_left##*@}" || os_rm "$sweep_left"
        done
    done
}

# run_event WORD PKGNAME [DETAIL [REASON]]: appends a line to the run's journal, from which the summary is made: WORD PKGNAME
# DETAIL SECONDS REASON, with seconds since 1970. Words: start (DETAIL: the process of build.sh), built, failed (the phase),
# stopped, fetched.
run_event() { printf '%s %s %s %s%s\n' "$1" "$2" "${3:--}" "$(date +%s)" "${4:+ $4}" >>"$BULK_RUNDIR/events"; }

# run_trusted RUN: has RUN ended normally, or does it still run? If it was killed, that may be the reason of its failures:
# these packages are tried again.
run_trusted() {
    [ ! -d "$BULK_LOG/.runs/$1" ] || [ -f "$BULK_LOG/.runs/$1/summary" ] || os_process_alive "${1##*@}"
}

# disk_rooms: the free space of each disk in use, `KIND FREE MOUNT`, nearly full ones first (disk.awk).
disk_rooms() {
    set -- "$BULK_LOG" "$BULK_PACKAGES" "$BULK_DISTDIR" "$BULK_SANDBOXDIR"
    { df -kP -- "$@"; df -iP -- "$@"; } 2>/dev/null | awk -v min="$BULK_DISK_MIN" -f "$BULK_SCRIPTS/host/disk.awk"
}

# disk_guard: halts the run if a disk is nearly full. Tries for some seconds: if a package fills a disk, its watch ends it within
# seconds, and the space is free again.
disk_guard() {
    ! os_roomy "$BULK_LOG" "$BULK_PACKAGES" "$BULK_DISTDIR" "$BULK_SANDBOXDIR" || return 0
    guard_tries=0
    while guard_full=$(disk_rooms) && case $guard_full in 'low '*) ;; *) false ;; esac; do
        guard_tries=$((guard_tries + 1))
        [ "$guard_tries" -lt 6 ] || {
            guard_full=${guard_full%%"
"*}
            guard_full=${guard_full#low }
            guard_mount=${guard_full#* }
            guard_free=${guard_mount%% *} guard_mount=${guard_mount#* }
            case $guard_full in
            i*) machine_failure "disk nearly full: $guard_free inodes left on $guard_mount" "remove some files on that file system" ;;
            *) machine_failure "disk nearly full: $((guard_free / 1024)) MB on $guard_mount left, DISK_MIN is $BULK_DISK_MIN MB" "free some space, or set DISK_MIN" ;;
            esac
        }
        sleep 1
    done
    export BULK_ROOMS="$guard_full" # for the watch
}
