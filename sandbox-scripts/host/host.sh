# shellcheck shell=sh source-path=SCRIPTDIR/..
# host.sh - sourced by each script outside a sandbox: settings, messages, the OS contract, the run, the launcher.

[ -z "${host_sourced:-}" ] || return 0
host_sourced=yes
# shellcheck source=host/environment.sh
. "$BULK_SCRIPTS/host/environment.sh"
# The PATH of unprivileged users may lack the directories of the programs that make sandboxes.
case :$PATH: in *:/usr/sbin:*) ;; *) PATH=$PATH:/usr/sbin:/sbin ;; esac
export PATH

# shellcheck source=host/say.sh
. "$BULK_SCRIPTS/host/say.sh"
# shellcheck source=host/lift.sh
. "$BULK_SCRIPTS/host/lift.sh"
limits_lift
# shellcheck source=host/settings.sh
. "$BULK_SCRIPTS/host/settings.sh"
# shellcheck source=host/os.sh
. "$BULK_SCRIPTS/host/os.sh"
# shellcheck source=host/layers.sh
. "$BULK_SCRIPTS/host/layers.sh"
# shellcheck source=host/run.sh
. "$BULK_SCRIPTS/host/run.sh"
# shellcheck source=host/hook.sh
. "$BULK_SCRIPTS/host/hook.sh"
# shellcheck source=host/distcc.sh
. "$BULK_SCRIPTS/host/distcc.sh"
case $BULK_LAUNCH in
*/* | .*) machine_failure "invalid value LAUNCH=$BULK_LAUNCH" "use local, ssh, slurm or vm" ;;
esac
[ -f "$BULK_SCRIPTS/launch/$BULK_LAUNCH.sh" ] ||
    machine_failure "unknown value LAUNCH=$BULK_LAUNCH: no $BULK_SCRIPTS/launch/$BULK_LAUNCH.sh" "use one of: $(cd -- "$BULK_SCRIPTS/launch" && echo [a-z]*.sh | sed 's/\.sh//g')"
# shellcheck source=launch/local.sh
. "$BULK_SCRIPTS/launch/$BULK_LAUNCH.sh"
