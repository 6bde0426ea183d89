#!/bin/sh
# inside/join.sh ENV [NAME=VALUE...] PROGRAM ARG... - runs PROGRAM by ENV (env), in the phase `build`. GNU make, called as `gmake -j1`, takes
# its jobs from the pool instead (os/Linux-pool.c). pkgsrc runs its commands through this since mk.conf sets PKGSRC_SETENV.
program='' join=
for word; do
    case $program in
    '') case $word in "$1" | *=* | -*) ;; *) program=${word##*/} ;; esac ;;
    gmake) [ "$word" != -j1 ] || join=yes; break ;;
    *) break ;;
    esac
done
[ -n "$join" ] || exec "$@"
for word; do
    shift
    [ "$join:$word" != yes:-j1 ] || word=--jobserver-auth=3,4 join=
    set -- "$@" "$word"
done
exec "$@" 3<>/sandbox/pool/jobs 4<>/sandbox/pool/jobs
