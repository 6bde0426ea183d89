#!/bin/sh
# host/keep.sh FILE - receives the package that a sandbox has built, on standard input: a line with its size, then its content.
# Writes FILE, which cannot be written inside, and answers `kept` or `lost` on standard output. Started by sandbox_run,
# which opened both pipes before the sandbox began; dies with it. Descriptor 7 holds the other end of standard input until the
# sandbox does, so that `head` ends with the sandbox.
set -u
[ "$PPID" = "$BULK_BUILDER" ] || exit 130
read -r size || exit 1
exec 7>&-
case $size in '' | *[!0-9]* | ????????????????*) size=0 ;; esac
if head -c "$size" >"$1"; then echo kept; else echo lost; fi
