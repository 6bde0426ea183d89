# shellcheck shell=sh source-path=SCRIPTDIR/..
# cause.sh - why a program of the machine failed, from what it wrote to its standard error.

[ -z "${cause_sourced:-}" ] || return 0
cause_sourced=yes

# cause FILE [REMEDY]: sets cause_what to the cause that FILE tells, in one line, and cause_fix to its remedy; if it tells none, REMEDY.
cause() {
    cause_said=$(tail -c 10000 -- "$1" 2>/dev/null | LC_ALL=C awk -f "$BULK_SCRIPTS/host/cause.awk")
    cause_what=${cause_said%%"
"*}
    cause_fix=${cause_said#"$cause_what"}
    cause_fix=${cause_fix#?}
    : "${cause_what:=it gave no reason}"
    : "${cause_fix:=${2:-repair that, then run the same command again}}"
}
