#!/bin/sh
# shellcheck source-path=SCRIPTDIR/..
# remote/slurm-attempt.sh PKGNAME NAME LOGDIR OUTDIR NODES SCRIPT ARG... - one step of Slurm in which remote/remote.sh builds a package, on none of
# NODES; NAME is the job's. Started by launch/slurm.sh, which ends all processes of this when it ends; the step ends with srun.
# Leaves in OUTDIR the files of talk.sh, and `node`.
set -eu
umask 022
: "${BULK_SCRIPTS:?not set: launch/slurm.sh starts this}"
# shellcheck source=host/inputs.sh
. "$BULK_SCRIPTS/host/inputs.sh"
# shellcheck source=remote/talk.sh
. "$BULK_SCRIPTS/remote/talk.sh"
pkgname=$1 name=$2 logdir=$3 outdir=$4 nodes=$5
shift 5
talk_open "$outdir"
talk_job '' yes "$pkgname" "$3" "$logdir" "$@"
talk_started() { printf '%s\n' "$2" >node; }
talk_done() { :; }
[ -z "${SLURM_JOB_ID:-}" ] || export BULK_SLURM_WITHIN=yes
exclude=$(printf '%s\n' "$nodes" | sed 's/^ //; s/ /,/g')
set -- srun --quiet --nodes=1 --ntasks=1 --job-name="$name" --chdir=/ --cpus-per-task="${BULK_MAKE_JOBS:-1}" ${exclude:+"--exclude=$exclude"}
[ -z "${SLURM_JOB_ID:-}" ] || set -- "$@" --exact # a step of the allocation that make runs in
# shellcheck disable=SC2086 # options, as given
talk $BULK_AS_CALLER "$@" $BULK_SLURM_OPTIONS sh "$BULK_SCRIPTS/remote/slurm-step.sh"
