# shellcheck shell=sh disable=SC2154 # the test sets name, victim, port, meet, tree, packages, distdir
# Something endless in the pipe for the package.
(echo 999999999999; exec cat /dev/zero) >/sandbox/out/package 2>/dev/null &
sleep 3
kill $!
true
