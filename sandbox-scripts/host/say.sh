# shellcheck shell=sh
# say.sh - messages: one line, and for a machine failure two (what is wrong, and how to fix it).

[ -z "${say_sourced:-}" ] || return 0
say_sourced=yes

# say WORD TEXT...: one line of progress on standard output, WORD in a column of its own. A full disk under standard
# output is no error.
say() {
    say_word=$1
    shift
    printf '%-10s %s\n' "$say_word" "$*" 2>/dev/null || :
}

# machine_failure WHAT FIX: the machine failed, not a package. Halts the run and exits 75; the first failure of a run prints both,
# the other builds end without a word. Nothing is recorded against a package; after the repair the same make command continues.
machine_failure() {
    if [ -n "${BULK_RUNDIR:-}" ] && mkdir -p -- "$BULK_RUNDIR" 2>/dev/null && ! (set -C; printf '%s\n  fix: %s\n' "$1" "$2" >"$BULK_RUNDIR/halt") 2>/dev/null; then
        [ -s "$BULK_RUNDIR/halt" ] || sleep 1 # another build is writing it, or the disk is full
        [ ! -s "$BULK_RUNDIR/halt" ] || exit 75
    fi
    printf 'pkgmkgen: run halted: %s\n  fix: %s\n' "$1" "$2" >&2
    exit 75
}
