#!/bin/sh
# Linux-janitor.sh CONTROL_GROUP... -- FILE... - takes away what a build left when it was killed. The last processes of its
# sandbox may still write while the kernel ends them, hence more than one try.
set -u
for try in 1 2 3 4 5 6 7 8 9 10; do
    left=
    groups=yes
    for one; do
        case $groups:$one in
        yes:--) groups= ;;
        yes:*) [ ! -d "$one" ] || rmdir -- "$one" || left=$try ;;
        :*) rm -rf --one-file-system -- "$one" || left=$try ;;
        esac
    done
    [ -n "$left" ] || exit 0
    sleep 0.1
done
exit 1
