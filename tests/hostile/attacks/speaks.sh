# shellcheck shell=sh disable=SC2154 # the test sets name, victim, port, meet, tree, packages, distdir
# Logs and results that lead to where the phases themselves speak; then much of it, in the words of a run.
if [ "$1" = pre-clean ]; then
    for one in build depends checksum configure; do ln -s /proc/self/fd/2 "/sandbox/log/$one.log"; done
    for one in facts phases times; do ln -sf /proc/self/fd/2 "/sandbox/out/$one"; done
else
    printf 'built FORGED-9.9 in 1 s\033]0;attacked\007\n'
    seq 1 100000
fi
