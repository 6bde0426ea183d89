# shellcheck shell=sh source-path=SCRIPTDIR/..
# launch/local.sh - LAUNCH=local: packages are built on this machine.
# Contract of a launcher: launch_prepare DIR, once a run under a lock, makes DIR/ready, which the builds of the run
# source; launch_open sets scratch and BULK_CGROUPS to the directories that this build needs on this machine; launch_run SCRIPT ARG...
# runs SCRIPT in a sandbox somewhere and returns its status when that sandbox has ended (75: the machine failed, and a message was
# printed). It leaves in logdir and outdir the same files as sandbox_run, and the name of the host in launch_host. It waits for
# os_child, which os_kill ends.

[ -z "${launch_local_sourced:-}" ] || return 0
launch_local_sourced=yes
# shellcheck source=host/sandbox.sh
. "$BULK_SCRIPTS/host/sandbox.sh"
# shellcheck source=host/stack.sh
. "$BULK_SCRIPTS/host/stack.sh"

launch_prepare() { stack_prepare "$1" && sandbox_prepare "$1"; }
launch_open() { sandbox_open; }
launch_run() {
    # shellcheck disable=SC2034 # for the result
    launch_host=$(uname -n)
    [ "$1" != inside/phases.sh ] || stack_find "$2" "$3"
    sandbox_run "$@"
}