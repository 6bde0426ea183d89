#!/bin/sh
# makesum.sh DIGEST DIR FILE... - prints the distinfo of DIR/FILE...
set -eu
digest=$1
cd -- "$2"
shift 2
# shellcheck disable=SC2016 # an RCS id
printf '$NetBSD$\n\n'
for file; do
    "$digest" SHA512 "$file"
    size=$(wc -c <"$file")
    printf 'Size (%s) = %s bytes\n' "$file" "$((size))"
done
