# shellcheck shell=sh source-path=SCRIPTDIR/..
# pool.sh - JOB_POOL=yes: the packages of a run and the jobs inside them take their tokens from one pool (os/Linux-pool.c). Only for
# packages built on this machine.

[ -z "${pool_sourced:-}" ] || return 0
pool_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/say.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/settings.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/os.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/cause.sh"
: "${cause_what=}" # set by cause
: "${run_launch=}" "${outdir=}" "${pkgname=}" "${sandbox_slots=}" "${sandbox_processors=}" # set by the caller
pool_last_mean='' pool_last_memory=''

# pool_wanted: can this run have a pool? pool_prepare DIR: once such a run, writes the PKGNAMEs of bulk.mk to DIR/pool.ranks, the most
# urgent first.
pool_wanted() { [ "$BULK_JOB_POOL" = yes ] && [ -z "${BULK_REMOTE:-}" ] && [ -f "$BULK_MAKEFILE" ]; }
pool_prepare() { ! pool_wanted || awk '/^#job / { print $2 }' "$BULK_MAKEFILE" >"$1/pool.ranks"; }

# pool_last RESULT: reads from the RESULT of an earlier build how many jobs its phase `build` kept at work, in tenths, and its memory in MB.
pool_last() {
    pool_last_mean='' pool_last_memory='' pool_wall='' pool_cpu='' pool_jobs=
    [ -f "$1" ] || return 0
    while IFS='=' read -r pool_word pool_value; do
        case $pool_value in *[!0-9.]* | '' | ???????????????*) continue ;; esac
        case $pool_word in
        SECONDS.build) pool_wall=${pool_value%%.*} ;;
        CPU_SECONDS.build) pool_cpu=${pool_value%%.*} ;;
        JOBS_MAX) pool_jobs=${pool_value%%.*} ;;
        MEMORY_BYTES) pool_last_memory=${pool_value%??????} ;;
        esac
    done <"$1"
    # If its jobs were busy, it may want more of them.
    if [ "${pool_wall:-0}" -gt 9 ] && [ $((${pool_cpu:-0} * 10 / pool_wall)) -lt $((${pool_jobs:-1} * 6)) ]; then
        pool_last_mean=$((${pool_cpu:-0} * 10 / pool_wall))
    fi
}

# pool_open: waits until this package has its place (JOBS), its memory and the token of its slot, the most urgent package first; sets
# BULK_POOL to the process that holds them until pool_close. Empty without a pool.
pool_open() {
    BULK_POOL=
    export BULK_POOL
    case $BULK_JOB_POOL in
    yes) ;;
    no) return 0 ;;
    *) machine_failure "unknown value JOB_POOL=$BULK_JOB_POOL" "use JOB_POOL=yes or JOB_POOL=no" ;;
    esac
    case $BULK_JOBS in *[!0-9]* | 0*) machine_failure "JOBS=$BULK_JOBS is not a number" "use a number above 0, or unset JOBS" ;; esac
    [ "$BULK_LAUNCH" = local ] && [ -n "${os_pool:-}" ] || return 0
    pool_size
    for _ in 1 2 3; do # it may have been killed
        pool_status=0
        {
            exec "$os_pool" "$run_launch/pool" "$outdir/pool" $$ "$pool_tokens" "$pkgname" "$pool_most" "$pool_share" "${BULK_JOBS:-0}" "$pool_memory"
        } >"$outdir/server" 2>"$outdir/server.said" 8<&- &
        wait "$!" || pool_status=$?
        [ "$pool_status" -eq 0 ] && read -r BULK_POOL <"$outdir/server" && return 0
    done
    cause "$outdir/server.said"
    machine_failure "the pool of jobs cannot be used (status $pool_status): $cause_what" "put PACKAGES on a file system that supports named pipes, or use JOB_POOL=no"
}

# pool_size: sets the numbers of pool_open: all tokens, tokens beyond the first that this package may take one by one and at once, units of
# memory (256 are all of it).
pool_size() {
    pool_tokens=$sandbox_slots
    [ "$pool_tokens" -gt 1 ] || pool_tokens=$sandbox_processors
    pool_most=$((pool_tokens - 1)) pool_share=$((pool_tokens / 2)) pool_memory=0
    [ -z "$pool_last_mean" ] || pool_share=$(((pool_last_mean + 9) / 10))
    [ -z "$BULK_MAKE_JOBS$BULK_DISTCC_SLOTS" ] || pool_most=0
    # Files that are only cached count as memory, too: packages with less than a quarter of the memory of this machine reserve none.
    [ -n "$pool_last_memory" ] || return 0
    pool_all=$(($(os_memory_kb) / 1000))
    [ "$pool_last_memory" -lt $((pool_all / 4)) ] || pool_memory=$((pool_last_memory * 256 / pool_all + 1))
}

# pool_close: returns the tokens.
pool_close() {
    [ -z "${BULK_POOL:-}" ] || kill "$BULK_POOL" 2>/dev/null || :
    BULK_POOL=
}
