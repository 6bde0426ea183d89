# shellcheck shell=sh source-path=SCRIPTDIR/..
# launch/local.sh - LAUNCH=local: packages are built on this machine.
# Contract of a launcher: launch_prepare DIR, once a run under a lock, makes DIR/ready, which the builds of the run
# source; launch_open names in scratch and BULK_CGROUPS what this build needs on this machine; launch_run SCRIPT ARG...
# runs SCRIPT in a sandbox somewhere and returns its status when that sandbox is gone (75: the machine failed, with the
# reason said), leaving in logdir and outdir what sandbox_run leaves, and in launch_host where that was. What it waits
# for is os_child, which os_kill ends.

[ -z "${launch_local_sourced:-}" ] || return 0
launch_local_sourced=yes
# shellcheck source=host/sandbox.sh
. "$BULK_SCRIPTS/host/sandbox.sh"

launch_prepare() { sandbox_prepare "$1"; }
launch_open() { sandbox_open; }
launch_run() {
    # shellcheck disable=SC2034 # for the record
    launch_host=$(uname -n)
    sandbox_run "$@"
}