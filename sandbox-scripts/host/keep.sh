#!/bin/sh
# shellcheck source-path=SCRIPTDIR/..
# host/keep.sh FILE - receives the package that a sandbox has built, on standard input: an empty line, then its content.
# Writes FILE, which the sandbox cannot write, and answers `kept` or `lost` on standard output. Started by sandbox_run,
# which opened both pipes before the sandbox began; dies with it. Descriptor 7 keeps the other end of standard input open until the
# sandbox has opened it, so that `cat` ends with the sandbox.
set -u
# shellcheck source=host/os.sh
. "$BULK_SCRIPTS/host/os.sh"
[ "$PPID" = "$BULK_BUILDER" ] || exit 130
read -r _ || exit 1
exec 7>&-
if cat >"$1"; then echo kept; else echo lost; fi
