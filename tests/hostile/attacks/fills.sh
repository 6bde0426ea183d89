# shellcheck shell=sh disable=SC2154 # the test sets name, victim, port, meet, tree, packages, distdir
# Fills the disk by what passes for distfiles.
mkdir -p /sandbox/out/distfiles
timeout 4 cat /dev/zero >/sandbox/out/distfiles/big
true
