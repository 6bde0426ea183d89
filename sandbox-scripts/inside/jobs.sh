#!/bin/sh
# inside/jobs.sh - where the jobs of the phase `build` come from, if there is a pool of jobs (os/Linux-pool.c). Called by bmake, by lines in
# mk.conf (inside/common.sh).
# jobs.sh share [PROGRAM...]: prints the value of MAKE_JOBS where it is expanded: 1 if PROGRAM is GNU make, which joins the pool; else 1 and the
# number of tokens that it takes for this phase.
# jobs.sh join ENV [NAME=VALUE...] PROGRAM ARG...: runs PROGRAM by ENV (env). GNU make with -j1 as first ARG joins the pool instead.

# is_gnu_make PROGRAM
is_gnu_make() {
    case ${1##*/} in
    gmake) ;;
    make | gnumake) case $("$1" --version 2>/dev/null) in 'GNU Make '*) ;; *) return 1 ;; esac ;;
    *) return 1 ;;
    esac
}

share() {
    if [ $# -gt 0 ] && is_gnu_make "$1"; then
        echo 1
        return
    fi
    echo s >/sandbox/pool/ask
    read -r share_further </sandbox/pool/answer
    case $share_further in *[!0-9]* | '') share_further=0 ;; esac
    echo $((share_further + 1))
}

join() {
    join_program='' join_jobs=
    for join_word; do
        case $join_program in
        '') case $join_word in "$1" | *=* | -*) ;; *) join_program=$join_word ;; esac ;;
        *) join_jobs=$join_word; break ;;
        esac
    done
    if [ "$join_jobs" != -j1 ] || ! is_gnu_make "$join_program"; then
        exec "$@"
    fi
    for join_word; do
        shift
        [ "$join_jobs:$join_word" != -j1:-j1 ] || join_word=--jobserver-auth=3,4 join_jobs=
        set -- "$@" "$join_word"
    done
    exec "$@" 3<>/sandbox/pool/jobs 4<>/sandbox/pool/jobs
}

jobs_word=$1
shift
"$jobs_word" "$@"
