#!/bin/sh
# pack.sh - makes the distfiles from src/. They are in the repository, since another tar or gzip may write other bytes
# than those whose checksums the packages have.
set -eu
cd -- "$(dirname -- "$0")"
for dir in src/*; do
    name=${dir#src/}
    tar -C src --sort=name --mtime=@1767225600 --owner=root:0 --group=root:0 --mode=u+rw,go+r-w --format=ustar -cf "$name.tar" -- "$name"
    gzip -9 -n <"$name.tar" >"$name.tar.gz"
    rm -- "$name.tar"
done
