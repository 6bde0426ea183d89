#!/bin/sh
# shellcheck source-path=SCRIPTDIR/..
# inside/summarize.sh - inside a sandbox, writes to /sandbox/out/records the pkg_summary record of every binary package that
# /sandbox/out/changed names, and to /sandbox/out/unreadable the names of invalid ones.
set -eu
# shellcheck source=os/Linux-inside.sh
. "/sandbox/scripts/os/$BULK_OS-inside.sh"
os_distrust
PATH=$BULK_PREFIX/sbin:/usr/sbin:/usr/bin:/sbin:/bin
cd -- "$BULK_PACKAGES/All"
: >/sandbox/out/records
: >/sandbox/out/unreadable
while IFS= read -r file; do
    if os_as_root env -i "PATH=$PATH" LC_ALL=C pkg_info -X "./$file" >/sandbox/out/one 2>>/sandbox/log/summary.log </dev/null &&
        grep -q '^PKGNAME=' /sandbox/out/one; then
        awk -v file="$file" '/^FILE_NAME=/ { next } NF { print } /^PKGNAME=/ { print "FILE_NAME=" file } END { print "" }' /sandbox/out/one
    else
        printf '%s\n' "$file" >>/sandbox/out/unreadable
    fi
done </sandbox/out/changed >>/sandbox/out/records
