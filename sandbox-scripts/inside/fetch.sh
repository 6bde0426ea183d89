#!/bin/sh
# shellcheck source-path=SCRIPTDIR/..
# inside/fetch.sh PKGNAME PKGPATH [KEY=VALUE...] -- - inside a sandbox, fetches the distfiles of one package directory into
# /sandbox/out/distfiles. Log: /sandbox/log/fetch.log. Exit: 0 fetched or there already; 1 not; 75 the machine failed.
set -eu
umask 022
# shellcheck source=inside/common.sh
. /sandbox/scripts/inside/common.sh
phase_log=$log/fetch.log
: >"$phase_log"
machine=1
os_distrust
fetching fetch BOOTSTRAP_DEPENDS= || exit 1 # tools to verify distfiles are not needed; a build verifies
