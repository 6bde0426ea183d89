# shellcheck shell=sh disable=SC2154 # the test sets name, victim, port, meet, tree, packages, distdir
# Stops all that runs in its sandbox.
for one in /proc/[0-9]*; do one=${one##*/}; [ "$one" = $$ ] || kill -STOP "$one"; done
sleep 30
