# shellcheck shell=sh source-path=SCRIPTDIR/..
# launch/slurm.sh - LAUNCH=slurm: each package is one step of Slurm, which chooses the node. The directories of all settings but
# SANDBOXDIR, and the scripts, must be the same on all nodes (NFS). Contract: launch/local.sh.

[ -z "${launch_slurm_sourced:-}" ] || return 0
launch_slurm_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/say.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/settings.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/os.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/run.sh"
: "${os_caller=}" "${logdir=}" "${build_me=}" "${outdir=}" "${pkgname=}" # set by build_begin and os/SYSTEM.sh

launch_prepare() {
    command -v srun >/dev/null 2>&1 || machine_failure "command not found: srun" "install Slurm's client here (Debian: slurm-client)"
    : >"$1/ready"
}
launch_open() { :; }
export BULK_AS_CALLER="$os_caller"

# launch_run SCRIPT ARG...: on the node that Slurm chooses; on another if that one fails. If three nodes fail with a package,
# the package is the cause.
launch_run() {
    launch_tried='' launch_lost=0 launch_vain=0
    # shellcheck disable=SC2086 # words
    os_afterwards "$logdir" $os_caller scancel --me --name="$build_me" & # Slurm keeps a job whose srun was killed
    launch_janitor=$!
    while :; do
        os_rm "$outdir/started" "$outdir/status" "$outdir/trouble" "$outdir/verdict" "$outdir/out/distfiles"
        os_contain sh "$BULK_SCRIPTS/remote/slurm-attempt.sh" "$pkgname" "$build_me" "$logdir" "$outdir" "$launch_tried" "$@" 8<&- &
        os_child=$!
        wait "$os_child" || :
        os_child=''
        launch_host=slurm launch_status=75
        [ ! -s "$outdir/node" ] || read -r launch_host <"$outdir/node"
        [ ! -s "$outdir/status" ] || read -r launch_status <"$outdir/status"
        [ "$launch_status" = 75 ] || {
            kill "$launch_janitor" 2>/dev/null || :
            return "$launch_status"
        }
        disk_guard # or was it this machine?
        launch_reason=$(sed -n 1p "$outdir/trouble" 2>/dev/null)
        if [ -f "$outdir/started" ]; then
            launch_lost=$((launch_lost + 1))
            say retry "$pkgname: node $launch_host: ${launch_reason:-no reason given}"
            launch_tried="$launch_tried $launch_host"
            [ "$launch_lost" -lt 3 ] || {
                printf 'took %s nodes with it:%s\n' "$launch_lost" "$launch_tried" >"$outdir/verdict"
                return 1
            }
        else
            launch_vain=$((launch_vain + 1))
            [ "$launch_vain" -lt 5 ] || machine_failure "Slurm runs no job step for $pkgname: ${launch_reason:-no reason given}" "try srun by hand; SLURM_OPTIONS is '$BULK_SLURM_OPTIONS'"
            say retry "$pkgname: ${launch_reason:-srun ended without a message} (next try in $BULK_HOST_RETRY s)"
            os_nap "$BULK_HOST_RETRY" &
            wait "$!" || :
        fi
    done
}
