# shellcheck shell=sh disable=SC2154 # the test sets name, victim, port, meet, tree, packages, distdir
# A pipe in the place of /dev/null.
rm /dev/null
mkfifo /dev/null
