# shellcheck shell=sh source-path=SCRIPTDIR/..
# lift.sh - raises the resource limits that make inherited (from a login, cron, a shell profile) as far as this process may.

[ -z "${lift_sourced:-}" ] || return 0
lift_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/say.sh"

# limits_lift: file size, CPU time, memory of a process. Root may exceed hard limits, other users may raise soft limits up to them.
limits_lift() {
    # shellcheck disable=SC3045 # these are in every shell that runs this
    for lift in f t v d; do
        ulimit "-$lift" unlimited 2>/dev/null || ulimit -S "-$lift" "$(ulimit -H "-$lift")" 2>/dev/null || :
    done
}

# limits_told: halts the run if a hard limit is too low for packages: below 4 GB for a file, an hour of CPU time, 4 GB of
# memory for a process.
limits_told() {
    # shellcheck disable=SC3045
    for told in "f 4000000 file sizes" "t 3600 CPU time" "v 4000000 address space" "d 4000000 data sizes"; do
        told_letter=${told%% *} told=${told#* }
        told_now=$(ulimit "-$told_letter" 2>/dev/null) || continue
        case $told_now in
        *[!0-9]* | '') ;;
        *)
            [ "$told_now" -ge "${told%% *}" ] || machine_failure "the hard resource limit of ${told#* } is too low (ulimit -H -$told_letter: $told_now)" \
                "raise it (ulimit -$told_letter unlimited, /etc/security/limits.conf), or run make as root"
            ;;
        esac
    done
}
