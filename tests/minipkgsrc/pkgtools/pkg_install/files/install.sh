#!/bin/sh
# install.sh FILES DESTDIR PREFIX PKG_DBDIR - installs the package tools below DESTDIR, for bootstrap and the package.
set -eu
umask 022
mkdir -p -- "$2$3/sbin" "$2$3/libexec/pkg_install"
for tool in pkg_add pkg_admin pkg_create pkg_delete pkg_info; do
    sed "s|@PKG_DBDIR@|$4|" "$1/$tool" >"$2$3/sbin/$tool"
    chmod 755 "$2$3/sbin/$tool"
done
for file in "$1"/*.awk "$1/remove.sh"; do
    install -m 644 -- "$file" "$2$3/libexec/pkg_install"
done
