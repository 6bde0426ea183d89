#!/bin/sh
# shellcheck source-path=SCRIPTDIR
# shell.sh - a sandbox of one package for a person to look into: its dependencies installed, or everything done up to and
# with a phase. Called by `make -f bulk.mk shell PKG=NAME [AT=PHASE] [ROOT=yes] [COMMAND=...]`, which sets BULK_SHELL_*.
# Its logs are in BULKLOG/.shell/PKGNAME; those of the build are not touched. Nothing is saved.
# Exit: that of the shell or command; 64 no such package; 75 as build.sh.
set -eu
umask 022
: "${BULK_SCRIPTS:?not set: use make -f bulk.mk shell PKG=NAME}"
BULK_LAUNCH=local # wherever packages are built
# shellcheck source=host/host.sh
. "$BULK_SCRIPTS/host/host.sh"
# shellcheck source=host/limits.sh
. "$BULK_SCRIPTS/host/limits.sh"
# shellcheck source=host/build.sh
. "$BULK_SCRIPTS/host/build.sh"
# shellcheck source=host/closure.sh
. "$BULK_SCRIPTS/host/closure.sh"
[ -n "${BULK_PARENT:-}" ] || os_supervise sh "$0" "$@"
[ "$PPID" = "$BULK_PARENT" ] || exit 130
die() { printf 'pkgmkgen: %s\n  fix: %s\n' "$1" "$2" >&2; exit 64; }
case $BULK_SHELL_AT in
pre-clean | depends | checksum | configure | build | install | package | deinstall) ;;
*) die "unknown phase AT=$BULK_SHELL_AT" "use depends, checksum, configure, build, install, package or deinstall" ;;
esac
rule=$(awk -v want="${BULK_SHELL_PKG:-}" -f "$BULK_SCRIPTS/bulkmk/rules.awk" -f "$BULK_SCRIPTS/bulkmk/rule.awk" "$BULK_MAKEFILE")
[ -n "$rule" ] || die "no package '${BULK_SHELL_PKG:-}' in $BULK_MAKEFILE" "use PKG=NAME with a PKGNAME, PKGPATH or pkgbase that make -f $BULK_MAKEFILE list shows"
depends=${rule#* --}
for depend in $depends; do
    [ -f "$BULK_PACKAGES/All/$depend$BULK_PKG_SUFX" ] || die "the dependency $depend is not built" "run make -f $BULK_MAKEFILE $depend"
done
# shellcheck disable=SC2086 # words of bulk.mk, validated by pkgmkgen
set -- ${rule%% --*} --
for depend in $depends; do set -- "$@" "$BULK_PACKAGES/All/$depend$BULK_PKG_SUFX"; done
mkdir -p -- "$BULK_LOG/.shell"
export BULK_TTY=yes BULK_SHELL_COMMAND="${BULK_SHELL_COMMAND:-${COMMAND:-}}"
build_begin "$1" "$BULK_LOG/.shell/$1" || :
build_open
# shellcheck disable=SC2086 # PKGNAMEs have no blanks
closure "$outdir/out/closure" $depends
status=0
build_run inside/phases.sh "$@" || status=$?
build_leave "$status"
