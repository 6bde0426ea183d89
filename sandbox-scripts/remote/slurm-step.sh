#!/bin/sh
# remote/slurm-step.sh - the step of launch/slurm.sh on its node: remote/remote.sh; if nobody waits for it any more, the job that srun made for
# it is ended, too: Slurm keeps it when srun was killed.
sh "$(dirname -- "$0")/remote.sh" && exit
status=$?
[ -n "${BULK_SLURM_WITHIN:-}" ] || scancel "$SLURM_JOB_ID" 2>/dev/null || :
exit "$status"
