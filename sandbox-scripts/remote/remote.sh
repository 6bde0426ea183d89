#!/bin/sh
# shellcheck source-path=SCRIPTDIR/..
# remote/remote.sh - the far end of a launcher: builds one package in a sandbox of this machine. Standard input: the job (job.awk), the PKGNAMEs
# that it may install, then a line from time to time as long as the client waits for the result, and `bye` when it has been fetched. Standard output:
# `started DIR NODE`, `status N` (the sandbox has ended; its output is in DIR and DIR/log, if the directories of the job are not shared), or
# `trouble TEXT`: this machine failed, not the package. Ends the build when its input ends or falls silent, or its parent dies.
set -eu
umask 022
BULK_SCRIPTS=$(cd -- "$(dirname -- "$0")/.." && pwd)
if [ -z "${BULK_JOB:-}" ]; then
    unset BULK_PARENT BULK_OS # srun brings the whole environment of the machine that schedules
    BULK_JOB=
    while IFS= read -r line && [ "$line" != '#end of job' ]; do
        BULK_JOB="$BULK_JOB$line
"
    done
fi
eval "$BULK_JOB"
: "${job_pkgpath=}" "${job_tree=}" "${job_pkgname=}" "${job_outdir=}" "${job_logdir=}" # of the job
unset BULK_ENVIRONMENT # that of the other machine
export BULK_SCRIPTS BULK_JOB BULK_REMOTE=yes BULK_LAUNCH=local BULK_LOG="$BULK_SANDBOXDIR/log" BULK_MAKEFILE=/nonexistent
# shellcheck source=host/host.sh
. "$BULK_SCRIPTS/host/host.sh"
# shellcheck source=host/limits.sh
. "$BULK_SCRIPTS/host/limits.sh"
# shellcheck source=host/sandbox.sh
. "$BULK_SCRIPTS/host/sandbox.sh"
# shellcheck source=host/inputs.sh
. "$BULK_SCRIPTS/host/inputs.sh"
# shellcheck source=host/cause.sh
. "$BULK_SCRIPTS/host/cause.sh"
[ -n "${BULK_PARENT:-}" ] || os_supervise sh "$0"
[ "$PPID" = "$BULK_PARENT" ] || exit 130
unset BULK_PARENT
exec 4<&0 </dev/null 3>&1 >&2
# read_closure FILE: reads the rest of the job, which is too long for the environment.
read_closure() {
    while IFS= read -r closure_line <&4 && [ "$closure_line" != '#end of closure' ]; do printf '%s\n' "$closure_line"; done >"$1"
}
os_named $$
BULK_RUN=remote@$os_name
run_identity $$
reader='' janitor='' os_child='' told='' scratch='' own='' BULK_CGROUPS=''

# leave STATUS: removes everything of this build. Reports trouble last: the peer may close the connection, which kills us.
leave() {
    trap '' HUP INT TERM PIPE
    trap - EXIT
    os_kill
    leave_trouble=$(sed -n 1p "$BULK_RUNDIR/halt" 2>/dev/null) || :
    [ -z "$reader" ] || kill "$reader" 2>/dev/null || :
    os_unlimit "$run_shared" "$BULK_RUNDIR" ${scratch:+"$scratch"} ${own:+"$own"}
    [ -n "$told" ] || printf 'trouble %s\n' "$leave_trouble" >&3 2>/dev/null || :
    # shellcheck disable=SC2086 # process numbers
    [ -z "$janitor" ] || kill $janitor 2>/dev/null || :
    exit "$1"
}
trap 'leave $?' EXIT
trap 'leave 130' HUP INT TERM
mkdir -p -- "$run_shared" || machine_failure "cannot create directory $run_shared" "check permissions and free space of SANDBOXDIR"
os_lock "$run_shared" || :
os_janitor "$run_shared" "$run_shared" "$BULK_RUNDIR"
janitor=$!
read_closure "$run_shared/closure"
run_prepare
disk_guard
BULK_BEATS=$run_shared/beats
export BULK_BEATS
: >"$BULK_BEATS"
{ # braces: $! of parentheses is, in NetBSD's sh, a process that waits for the one that reads
    while read -r word; do
        [ "$word" != bye ] || { : >"$BULK_BEATS.bye"; exit 0; }
        printf . >>"$BULK_BEATS"
    done
    kill -TERM $$
} <&4 3>&- 8<&- &
reader=$!
[ "$(inputs_tree "$BULK_PKGSRCDIR/$job_pkgpath")" = "$job_tree" ] ||
    machine_failure "$BULK_PKGSRCDIR/$job_pkgpath differs from the one on the machine that runs make" "update the pkgsrc tree of this host"
build_me=$job_pkgname@${BULK_RUN##*@}
if [ -n "$job_shared" ]; then
    outdir=$job_outdir logdir=$job_logdir
    [ -d "$outdir/out" ] || machine_failure "$outdir does not exist on this host" "share PACKAGES and BULKLOG between the machines, or remove SHARED=yes from the hosts file"
else
    own=$BULK_SANDBOXDIR/jobs/$build_me
    outdir=$own logdir=$own/log
fi
sandbox_open
os_janitor "$run_shared" ${scratch:+"$scratch"} ${own:+"$own"}
janitor="$janitor $!"
# shellcheck disable=SC2086 # control groups have no blanks in their names
mkdir -p -- "$run_shared" $BULK_CGROUPS ${scratch:+"$scratch"} ${own:+"$own" "$own/out" "$own/built" "$own/log"} 2>"$run_shared/said" || {
    cause "$run_shared/said"
    machine_failure "cannot create the directories of a build: $cause_what" "check permissions and free space of SANDBOXDIR and /sys/fs/cgroup"
}
[ -z "$BULK_CGROUPS" ] || os_limit_set "$BULK_MEMORY_KB" "$BULK_PROCESSES_MAX"
[ -z "$scratch" ] || chmod 1777 "$scratch"
[ -z "$own" ] || mv -- "$run_shared/closure" "$own/out/closure"
printf 'started %s %s\n' "$outdir" "${SLURMD_NODENAME:-$(uname -n)}" >&3
status=0
sandbox_run "$@" 3>&- 4<&- || status=$?
[ "$status" -eq 0 ] || disk_guard
told=yes
printf 'status %s\n' "$status" >&3
silent=0 heard=
while [ ! -e "$BULK_BEATS.bye" ] && [ "$silent" -lt 300 ]; do # a minute of silence: the connection is lost
    beats=$(wc -c <"$BULK_BEATS")
    [ "$beats" = "$heard" ] || silent=0
    heard=$beats silent=$((silent + 1))
    os_nap 0.2 &
    wait "$!" || :
done
reader=
leave 0
