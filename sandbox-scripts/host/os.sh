# shellcheck shell=sh source-path=SCRIPTDIR/..
# os.sh - the operating system's part of the host's side, os/SYSTEM.sh; its contract is at the head of os/Linux.sh.
# BULK_OS names the files in os/ and mounts/ that are used.

[ -z "${os_sourced:-}" ] || return 0
os_sourced=yes
[ -n "${BULK_OS:-}" ] || BULK_OS=$(uname -s)
export BULK_OS
[ -r "$BULK_SCRIPTS/os/$BULK_OS.sh" ] || {
    printf 'pkgmkgen: no sandboxes on %s yet\n  fix: build on a system that has a file in os/, or set BUILD_PACKAGE to a script of your own\n' "$BULK_OS" >&2
    exit 69
}
# shellcheck source=os/Linux.sh
. "$BULK_SCRIPTS/os/$BULK_OS.sh"
