#!/bin/sh
# demo.sh [DIR] - sets up all that pkgmkgen needs and builds the miniature tree with it, below DIR (/tmp/pkgmkgen-demo).
set -eu
# shellcheck source-path=SCRIPTDIR source=setup.sh
. "$(dirname -- "$0")/setup.sh"
dir=${1:-/tmp/pkgmkgen-demo}
mkdir -p -- "$dir"
dir=$(cd -- "$dir" && pwd)
tree=$top/tests/minipkgsrc
printf '\n== a bootstrap kit for the miniature tree\n'
sh "$tree/bootstrap/bootstrap" --prefix=/usr/pkg --gzip-binary-kit "$dir/kit.tar.gz"
# The kit's mk.conf serves the scan, too, lest that of a /usr/pkg on this machine is read.
tar -xOf "$dir/kit.tar.gz" usr/pkg/etc/mk.conf >"$dir/mk.conf"
printf '\n== pkgmkgen > bulk.mk\n'
pkgmkgen --pkgsrc "$tree" --set BOOTSTRAP_KIT="$dir/kit.tar.gz" --set PACKAGES="$dir/packages" --set DISTDIR="$dir/distfiles" \
    --set BULKLOG="$dir/log" --set MAKECONF="$dir/mk.conf" --set SANDBOXDIR="$dir/sandboxes" -o "$dir/bulk.mk"
printf '\n== make -f bulk.mk -j 6\n'
status=0
make -f "$dir/bulk.mk" -j 6 || status=$?
cat <<EOF

The tree holds packages that fail on purpose, so make ended with status $status. Look next at
    $dir/bulk.mk               the Makefile: try make -f $dir/bulk.mk help
    $dir/packages/All/         the binary packages
    $dir/log/PKGNAME/          logs and result of each
    sh tests/demo.sh             the same again: builds nothing twice
EOF
