# shellcheck shell=sh disable=SC2154 # the test sets name, victim, port, meet, tree, packages, distdir
# Processes that start others faster than they can be killed one by one.
if [ "$1" = do-build ]; then
    setsid "$tree/bin/survivor" &
    sleep 0.3
else
    ! grep -l '^survivor$' /proc/[0-9]*/comm 2>/dev/null || echo 'BREACH: a process survives its phase'
fi
