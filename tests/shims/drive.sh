#!/bin/sh
# shellcheck source-path=SCRIPTDIR/../../sandbox-scripts
# drive.sh build|sweep|born DIR - what a build asks of the OS contract: prepare, a sandbox, its end; what the next run's start does; the
# start times of two processes.
set -eu
# shellcheck source=host/host.sh
. "$BULK_SCRIPTS/host/host.sh"
case $1 in
build)
    os_check
    os_prepare "$2/run"
    # shellcheck source=/dev/null
    . "$2/run/ready"
    os_lock "$2/log" || printf 'waited for the lock\n'
    os_sandbox "$2" "$2/log" "$2/scratch" inside/phases.sh </dev/null 9>&2
    status=0
    os_wait || status=$?
    printf 'status %s\n' "$status"
    ;;
born)
    sleep 10 &
    first=$!
    sleep 1.1
    sleep 10 &
    printf '%s %s\n' "$(os_born "$first")" "$(os_born $!)"
    kill "$first" $!
    ;;
sweep)
    os_sweep
    printf 'memory %s kB, sum %s\n' "$(os_memory_kb)" "$(os_sha256 "$2/tree/mk/bsd.pkg.mk")"
    ;;
esac
