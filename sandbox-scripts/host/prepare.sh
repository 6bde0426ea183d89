#!/bin/sh
# shellcheck source-path=SCRIPTDIR/..
# host/prepare.sh - once a run, before its first sandbox, under a lock: checks the settings, removes the remains of dead
# runs, makes the files that all sandboxes of the run share. Called by run_prepare. Exit: 0; 75 the machine failed.
set -eu
umask 022
: "${BULK_SCRIPTS:?not set: run_prepare starts this}"
# shellcheck source=host/host.sh
. "$BULK_SCRIPTS/host/host.sh"
# shellcheck source=host/inputs.sh
. "$BULK_SCRIPTS/host/inputs.sh"
run_identity 1
check_settings
limits_told
for dir in "$BULK_LOG" "$BULK_RUNDIR" "$BULK_SANDBOXDIR/run" "$BULK_PACKAGES/All" "$BULK_PACKAGES/.staging"; do
    mkdir -p -- "$dir" || machine_failure "cannot create directory $dir" "run as root, or use a directory that you can write"
done
# DISTDIR may be read-only if it has all distfiles.
mkdir -p -- "$BULK_DISTDIR/.staging" 2>/dev/null || [ -d "$BULK_DISTDIR" ] ||
    machine_failure "cannot create directory DISTDIR=$BULK_DISTDIR" "create it, or set DISTDIR to a directory that you can write"
for dir in "$BULK_DISTDIR/.staging" "$BULK_PACKAGES/.staging"; do # where sandboxes write
    [ ! -w "$dir" ] || chmod 700 "$dir"
done
os_lock "$BULK_SANDBOXDIR" || :
[ ! -e "$run_launch/ready" ] || exit 0
os_sweep
run_sweep "$BULK_SANDBOXDIR/run" "$BULK_LOG/.runs"
# Files of builds on other machines belong to the machine that schedules them: only that machine removes them.
[ -n "${BULK_REMOTE:-}" ] || run_sweep "$BULK_DISTDIR/.staging" "$BULK_PACKAGES/.staging"
mkdir -p -- "$run_launch"
[ -n "${BULK_REMOTE:-}" ] || inputs_shared >"$run_launch/inputs"
launch_prepare "$run_launch"
