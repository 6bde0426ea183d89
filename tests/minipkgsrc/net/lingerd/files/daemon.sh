#!/bin/sh
# daemon.sh - starts a process of its own session that keeps this directory, a file and the build's output open.
set -eu
# shellcheck disable=SC2016 # expanded by the inner shells
(setsid sh -c 'trap "" HUP INT TERM; exec 3>held-open; (exec sleep 1000) & echo "$!" >&3' </dev/null &)
tries=0
until [ -s held-open ] || [ "$tries" -eq 50 ]; do
    sleep 0.02
    tries=$((tries + 1))
done
[ -s held-open ]
echo 'lingerd: started'
