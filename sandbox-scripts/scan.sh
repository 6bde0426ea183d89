#!/bin/sh
# shellcheck source-path=SCRIPTDIR
# scan.sh [end] - makes a sandbox like that of a build, without dependencies, in which worker.sh runs the commands on standard input. Called by
# pkgmkgen with the BULK_* settings; `end` removes the files that the sandboxes of one scan shared.
# Exit: that of worker.sh; 75 when the sandbox cannot be made.
set -eu
umask 022
: "${BULK_SCRIPTS:?not set: scan.sh is called by pkgmkgen}"
# shellcheck source=host/host.sh
. "$BULK_SCRIPTS/host/host.sh"
[ -n "${BULK_PARENT:-}" ] || os_supervise sh "$0" "$@"
[ "$PPID" = "$BULK_PARENT" ] || exit 130
run_identity "$PPID"
if [ "${1:-}" = end ]; then
    os_rm "${run_shared:?}" "$BULK_RUNDIR"
    exit 0
fi
run_prepare
os_named $$
scan_dir=$BULK_SANDBOXDIR/scratch/scan@$os_name
mkdir -- "$scan_dir" "$scan_dir/log" "$scan_dir/out"
os_lock "$scan_dir/log" || :
os_janitor "$scan_dir/log" "$scan_dir"
export BULK_CGROUPS BULK_ROOT_SIZE BULK_SCRATCH_SIZE BULK_DATA=yes
os_sandbox "$scan_dir" "$scan_dir/log" '' inside/scan.sh 9>&2
os_wait
