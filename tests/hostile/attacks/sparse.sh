# shellcheck shell=sh disable=SC2154 # the test sets name, victim, port, meet, tree, packages, distdir
# Files of 2 TB that take no room.
truncate -s 2T /sandbox/log/sparse.log
mkdir -p /sandbox/out/distfiles
truncate -s 2T /sandbox/out/distfiles/sparse
true
