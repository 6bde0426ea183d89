# shellcheck shell=sh source-path=SCRIPTDIR/..
# screen.sh - the output of a bulk run on its way to a terminal, or to a file: screen.awk passes it on.

[ -z "${screen_sourced:-}" ] || return 0
screen_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/settings.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/os.sh"
: "${run_shared=}" # set by run_identity

# screen_colours: does standard output show colours?
screen_colours() { [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; }

# screen_open SLOTS: sets screen_out and screen_err to named pipes for what make writes to standard output and standard error, and
# starts the programs that pass it on. They ignore signals, so that builds can say that they were stopped; and if nobody takes
# what they write, they still read, so that builds go on. This process opens no pipe: its descriptors may be those of make's jobs.
screen_open() {
    screen_out=$run_shared/out screen_err=$run_shared/err
    mkfifo -m 600 "$screen_out" "$screen_err" "$run_shared/end" ||
        machine_failure "cannot create named pipes in $run_shared" "put SANDBOXDIR on a file system that supports them (mkfifo)"
    screen_hint="note       to watch: pkgmkgen status --watch --log $BULK_LOG"
    if screen_colours && [ -t 2 ]; then
        screen_err=$screen_out
        # shellcheck disable=SC2012 # names in PACKAGES/All are PKGNAMEs
        ls -- "$BULK_PACKAGES/All" >"$run_shared/present"
        set -- terminal=1 slots="$1" suffix="$BULK_PKG_SUFX" "$BULK_MAKEFILE" present=1 "$run_shared/present" present=''
    else
        screen_pass "$screen_err" saying=1 >&2 &
        screen_programs=$!
        set --
    fi
    screen_pass "$screen_out" "$@" saying=1 hint="$screen_hint" &
    screen_programs="$! ${screen_programs:-}"
    # Keeps the pipes open until screen_close or the end of this process, then ends what reads them, also if some program of a
    # hook still has them.
    # shellcheck disable=SC2016 # expanded by the inner shell
    os_leash sh -c 'trap "" HUP INT TERM; exec 7>"$0" 9>"$1"; read -r _ <"$2"; printf "\001\n" >&7; printf "\001\n" >&9' \
        "$screen_out" "$screen_err" "$run_shared/end" &
    screen_holder=$!
}

# screen_pass PIPE WORD...: runs screen.awk with the WORDs and, last, what comes from PIPE, line by line.
screen_pass() {
    trap '' HUP INT TERM
    screen_pipe=$1
    shift
    case $(awk -W version 2>/dev/null </dev/null) in mawk*) screen_awk='-W interactive' ;; *) screen_awk= ;; esac # or it waits for more
    # shellcheck disable=SC2086 # words
    { awk $screen_awk -f "$BULK_SCRIPTS/host/screen.awk" -f "$BULK_SCRIPTS/bulkmk/rules.awk" "$@" - 2>/dev/null || exec cat >/dev/null; } <"$screen_pipe"
}

# screen_close: returns when all is written; if nobody takes it, after a second.
screen_close() {
    ! kill -0 "$screen_holder" 2>/dev/null || echo >"$run_shared/end"
    for screen_program in $screen_programs; do
        for _ in 1 2 3 4 5 6 7 8 9 10; do
            kill -0 "$screen_program" 2>/dev/null || break
            sleep 0.1
        done
        kill -KILL "$screen_program" 2>/dev/null || :
    done
}
