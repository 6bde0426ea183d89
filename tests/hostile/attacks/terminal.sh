# shellcheck shell=sh disable=SC2154 # the test sets name, victim, port, meet, tree, packages, distdir
# A log of long lines that steer a terminal.
sed 's/^/ids /' /proc/self/uid_map
head -c 3000000 /dev/zero | tr '\0' x
printf '\nerror: \033]0;attacked\007\033[2J\033[31m\r no rule; ERROR: \033[8m\n'
exit 1
