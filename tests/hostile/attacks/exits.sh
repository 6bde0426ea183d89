# shellcheck shell=sh disable=SC2154 # the test sets name, victim, port, meet, tree, packages, distdir
# Ends with the machine's status, with a person's, or as killed, whatever is its turn.
exit "${name##*-}"
