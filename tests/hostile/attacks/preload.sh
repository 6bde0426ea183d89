# shellcheck shell=sh disable=SC2154 # the test sets name, victim, port, meet, tree, packages, distdir
# A library for every program of the sandbox: it looks for rights, and speaks for the run.
[ ! -e /tmp/once ] || exit 0
: >/tmp/once
echo "$tree/bin/loaded.so" >/etc/ld.so.preload
