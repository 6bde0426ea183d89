# shellcheck shell=sh disable=SC2154 # the test sets name, victim, port, meet, tree, packages, distdir
# A program in the place of the loader.
[ ! -e /tmp/once ] || exit 0
: >/tmp/once
mkdir /l
cp "$tree/bin/loader" /l/ld-linux-x86-64.so.2
ln -s /l /lib64.new
mv -T /lib64.new /lib64
