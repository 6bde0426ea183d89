# shellcheck shell=sh disable=SC2154 # the test sets name, victim, port, meet, tree, packages, distdir
# Sends all that runs in its sandbox what ends most programs.
for signal in HUP INT TERM USR1 PIPE ALRM; do
    for one in /proc/[0-9]*; do one=${one##*/}; [ "$one" = $$ ] || kill -$signal "$one"; done
done
sleep 30
