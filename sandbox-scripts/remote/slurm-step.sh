#!/bin/sh
# remote/slurm-step.sh - the step of launch/slurm.sh on its node: runs remote/remote.sh. If its client has gone, also ends the job that srun
# made for it: Slurm keeps that job when srun was killed.
sh "$(dirname -- "$0")/remote.sh" && exit
status=$?
[ -n "${BULK_SLURM_WITHIN:-}" ] || scancel "$SLURM_JOB_ID" 2>/dev/null || :
exit "$status"
