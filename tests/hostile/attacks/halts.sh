# shellcheck shell=sh disable=SC2154 # the test sets name, victim, port, meet, tree, packages, distdir
# A library that has the programs of the phases end as if the machine had failed.
[ ! -e /tmp/once ] || exit 0
: >/tmp/once
echo "$tree/bin/fails.so" >/etc/ld.so.preload
