# shellcheck shell=sh disable=SC2154 # the test sets name, victim, port, meet, tree, packages, distdir
# Files in memory, beyond its limit.
head -c 300m /dev/zero >/dev/shm/big && head -c 300m /dev/zero >/dev/shm/big2
rm -f /dev/shm/big*
