# shellcheck shell=sh source-path=SCRIPTDIR/..
# os.sh - the operating system's part of the host's side, os/SYSTEM.sh; its contract is at the head of os/Linux.sh.
# BULK_OS names the files in os/ and mounts/ that are used.

[ -z "${os_sourced:-}" ] || return 0
os_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/say.sh"
[ -n "${BULK_OS:-}" ] || BULK_OS=$(uname -s)
export BULK_OS
[ -r "$BULK_SCRIPTS/os/$BULK_OS.sh" ] || {
    printf 'pkgmkgen: no sandboxes on %s yet\n  fix: build on a system that has a file in os/, or set BUILD_PACKAGE to a script of your own\n' "$BULK_OS" >&2
    exit 69
}
# shellcheck source=os/Linux.sh
. "$BULK_SCRIPTS/os/$BULK_OS.sh"

# os_named PID: sets os_name to os_process_id PID. Asks again, since the process that asks may be killed: an empty name belongs to nobody.
os_name=
os_named() {
    case $os_name in "$1".*) return 0 ;; esac
    os_name=$(os_process_id "$1") || os_name=$(os_process_id "$1") ||
        machine_failure "cannot read the start time of a process" "check what ps prints; see os_born in $BULK_SCRIPTS/os/$BULK_OS.sh"
}
