# shellcheck shell=sh disable=SC2154 # the test sets canary, port, tree and packages
# A process that wants to stay.
(setsid sh -c '(setsid sh -c "while :; do echo alive >>/tmp/alive; sleep 0.1; done" &)' &)
sleep 0.2
