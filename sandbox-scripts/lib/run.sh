# shellcheck shell=sh
# run.sh - what the builds of one make run share: its identity, its preparation, its journal.
# Needs: say.sh, settings.sh, the OS contract.

# run_identity PID: names the run after the make process PID unless BULK_RUN names it already.
run_identity() {
    [ -n "${BULK_RUN:-}" ] || BULK_RUN=direct@$(os_process_id "$1")
    BULK_RUNDIR=$BULK_LOG/.runs/$BULK_RUN
    run_shared=$BULK_SANDBOXDIR/run/$BULK_RUN
    run_launch=$run_shared/$BULK_LAUNCH
    # Machines may share DISTDIR, and none can tell which processes of another are alive.
    : "${BULK_MACHINE:=$(os_machine)}"
    run_distfiles=$BULK_DISTDIR/.staging/$BULK_MACHINE:
    export BULK_RUN BULK_RUNDIR BULK_MACHINE run_distfiles
}

# run_prepare: reads what the builds of this run share; the first one makes it, with prepare.sh.
run_prepare() {
    [ -e "$run_launch/ready" ] || {
        os_check
        [ "$BULK_LAUNCH" != local ] || os_limits_room
        (os_contain sh "$BULK_SCRIPTS/prepare.sh") || exit
    }
    # shellcheck source=/dev/null
    . "$run_launch/ready"
    # shellcheck source=/dev/null
    [ ! -f "$run_launch/trees" ] || . "$run_launch/trees"
}

# run_sweep DIR...: removes what dead processes left in the DIRs; such a thing is named after its process. Finished runs stay.
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

# run_trusted RUN: did RUN come to its end, or is it still going on? Where one was killed, what failed in it may have failed
# by that: it is tried again.
run_trusted() {
    [ ! -d "$BULK_LOG/.runs/$1" ] || [ -f "$BULK_LOG/.runs/$1/summary" ] || os_process_alive "${1##*@}"
}

# disk_full: says what is left where, if that is less than DISK_MIN on any disk in use.
disk_full() {
    df -kP -- "$BULK_LOG" "$BULK_PACKAGES" "$BULK_DISTDIR" "$BULK_SANDBOXDIR" |
        awk -v min="$BULK_DISK_MIN" 'NR > 1 && match($0, / [0-9]+ +[0-9]+% /) { # names before and after may have blanks
            split(substr($0, RSTART, RLENGTH), free, " ")
            if (free[1] < min * 1024) { printf "%d MB on %s ", free[1] / 1024, substr($0, RSTART + RLENGTH); exit }
        }'
}

# disk_guard: halts the run while there is still room to end it well.
disk_guard() {
    guard_full=$(disk_full)
    [ -z "$guard_full" ] || machine_failure "disk nearly full: ${guard_full}left, DISK_MIN is $BULK_DISK_MIN MB" \
        "free some space, or set DISK_MIN"
}
