# shellcheck shell=sh disable=SC2154 # the test sets name, victim, port, meet, tree, packages, distdir
# Kills all that runs in its sandbox.
for one in /proc/[0-9]*; do one=${one##*/}; [ "$one" = $$ ] || kill -KILL "$one"; done
sleep 30
