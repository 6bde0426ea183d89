# shellcheck shell=sh source-path=SCRIPTDIR/..
# control.sh - what a person has told a run: `pkgmkgen pause` and `pkgmkgen hold` make the files that are looked for here.

[ -z "${control_sourced:-}" ] || return 0
control_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/say.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/settings.sh"

# control_wait PKGNAME: waits while the run is paused. Ends if the package is held or the run is to end: nothing is recorded.
control_wait() {
    while [ -n "${BULK_RUNDIR:-}" ] && [ -e "$BULK_RUNDIR/pause" ]; do sleep 1; done
    [ -z "${BULK_RUNDIR:-}" ] || [ ! -e "$BULK_RUNDIR/drain" ] || exit 75
    [ ! -e "$BULK_LOG/.hold/$1" ] || {
        say held "$1 (pkgmkgen hold --off $1 lets it build)"
        exit 75
    }
}
