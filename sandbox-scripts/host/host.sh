# shellcheck shell=sh source-path=SCRIPTDIR/..
# host.sh - all that a script on the host's side of a sandbox needs: settings, messages, the OS contract, the run.

# shellcheck source=host/environment.sh
. "$BULK_SCRIPTS/host/environment.sh"
# Unprivileged users may miss the directories of the programs that make sandboxes.
case :$PATH: in *:/usr/sbin:*) ;; *) PATH=$PATH:/usr/sbin:/sbin ;; esac
export PATH

# BULK_OS: whose os/ and mounts/ files are used.
[ -n "${BULK_OS:-}" ] || BULK_OS=$(uname -s)
export BULK_OS
[ -r "$BULK_SCRIPTS/os/$BULK_OS.sh" ] || {
    printf 'pkgmkgen: no sandboxes on %s yet\n  fix: build on a system that has a file in os/, or give BUILD_PACKAGE a builder of your own\n' "$BULK_OS" >&2
    exit 69
}
# shellcheck source=host/say.sh
. "$BULK_SCRIPTS/host/say.sh"
# shellcheck source=host/lift.sh
. "$BULK_SCRIPTS/host/lift.sh"
limits_lift
# shellcheck source=host/settings.sh
. "$BULK_SCRIPTS/host/settings.sh"
# shellcheck source=os/Linux.sh
. "$BULK_SCRIPTS/os/$BULK_OS.sh"
# shellcheck source=host/layers.sh
. "$BULK_SCRIPTS/host/layers.sh"
# shellcheck source=host/run.sh
. "$BULK_SCRIPTS/host/run.sh"
# shellcheck source=host/hook.sh
. "$BULK_SCRIPTS/host/hook.sh"
# shellcheck source=host/distcc.sh
. "$BULK_SCRIPTS/host/distcc.sh"
case $BULK_LAUNCH in
*/* | .*) machine_failure "LAUNCH=$BULK_LAUNCH is no name" "local, ssh, slurm or vm" ;;
esac
[ -f "$BULK_SCRIPTS/launch/$BULK_LAUNCH.sh" ] ||
    machine_failure "LAUNCH=$BULK_LAUNCH is not known: no $BULK_SCRIPTS/launch/$BULK_LAUNCH.sh" "one of: $(cd -- "$BULK_SCRIPTS/launch" && echo [a-z]*.sh | sed 's/\.sh//g')"
# shellcheck source=launch/local.sh
. "$BULK_SCRIPTS/launch/$BULK_LAUNCH.sh"
