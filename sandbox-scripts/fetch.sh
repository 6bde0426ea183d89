#!/bin/sh
# shellcheck source-path=SCRIPTDIR
# fetch.sh PKGNAME PKGPATH [KEY=VALUE...] -- - fetches the distfiles of one package directory, in a sandbox, and saves
# them in DISTDIR. Called by the recipes of `make fetch`. Exit: as build.sh.
set -eu
umask 022
: "${BULK_SCRIPTS:?not set: use make -f bulk.mk fetch}"
# shellcheck source=host/host.sh
. "$BULK_SCRIPTS/host/host.sh"
# shellcheck source=host/limits.sh
. "$BULK_SCRIPTS/host/limits.sh"
# shellcheck source=host/build.sh
. "$BULK_SCRIPTS/host/build.sh"
# shellcheck source=host/save.sh
. "$BULK_SCRIPTS/host/save.sh"
# shellcheck source=host/cause.sh
. "$BULK_SCRIPTS/host/cause.sh"
[ -n "${BULK_PARENT:-}" ] || os_supervise sh "$0" "$@"
[ "$PPID" = "$BULK_PARENT" ] || exit 130
exec </dev/null
build_begin "$1" "$BULK_LOG/$1" || :
build_open
status=0
if [ -f "$BULK_PKGSRCDIR/$2/Makefile" ]; then
    build_run inside/fetch.sh "$@" || status=$?
else
    status=1
    printf 'stale: the tree has no %s any more: run pkgmkgen again\n' "$2" >"$logdir/fetch.log"
fi
saved=yes
save_distfiles "$outdir" "$distdir" "$BULK_PKGSRCDIR/$2" || {
    disk_guard
    saved=
}
case $status$saved in
0yes) run_event fetched "$2" ;;
75*)
    cause "$outdir/said"
    machine_failure "the sandbox of $1 failed: $cause_what" "$cause_fix"
    ;;
*)
    [ -n "$saved" ] || printf 'pkgmkgen: cannot save the fetched files to %s\n' "$BULK_DISTDIR" >>"$logdir/fetch.log"
    say failed "$2 could not be fetched: $logdir/fetch.log"
    run_event failed "$2"
    build_leave 1
    ;;
esac
build_leave 0
