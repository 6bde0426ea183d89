#!/bin/sh
# host/keep.sh FILE - receives the package that a sandbox has built, on standard input: an empty line, then its content.
# Writes FILE, which cannot be written inside, and answers `kept` or `lost` on standard output. Started by sandbox_run,
# which opened both pipes before the sandbox began; dies with it. Descriptor 7 holds the other end of standard input until the
# sandbox does, so that `cat` ends with the sandbox.
set -u
[ "$PPID" = "$BULK_BUILDER" ] || exit 130
read -r _ || exit 1
exec 7>&-
if cat >"$1"; then echo kept; else echo lost; fi
