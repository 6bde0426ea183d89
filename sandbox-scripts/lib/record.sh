# shellcheck shell=sh
# record.sh - the result record of a package, BULKLOG/PKGNAME/result: KEY=VALUE lines, described in the README.

# record STATUS LOGDIR OUTDIR KEY=VALUE...: writes LOGDIR/result in one rename, adding times, sizes and warnings from
# OUTDIR, of which OUTDIR/out was written by the sandbox: only what looks like a fact passes. Then adds the record to
# those of the run.
record() (
    status=$1 to=$2 from=$3
    shift 3
    {
        printf 'STATUS=%s\n' "$status"
        printf '%s\n' "$@"
        cat -- "$from/limits"
        [ ! -f "$from/out/facts" ] || grep -E '^(WRKDIR_KB|STRAY|DISTCC_JOBS|DISTCC_REMOTE|DISTCC_RETRIES|CCACHE_JOBS|CCACHE_HITS)=[0-9]+$' "$from/out/facts" || :
        printf 'INSTALLED=%d\n' "$(wc -l <"$from/closure")"
        [ ! -f "$from/out/phases" ] || awk 'NF == 7 && $1 ~ /^[a-z-]+$/ && $2 $3 $4 $5 $6 $7 ~ /^[0-9.]+$/ {
            cpu = $4 * 60 + $5 + $6 * 60 + $7
            printf "SECONDS.%s=%.2f\nCPU_SECONDS.%s=%.2f\n", $1, $3 - $2, $1, cpu - before
            before = cpu
        }' "$from/out/phases"
    } >"$from/result"
    { cat -- "$from/result" && echo; } >"$from/result.run" # so that it is one write, whole among those of other builds
    mv -f -- "$from/result" "$to/result.new" && mv -f -- "$to/result.new" "$to/result" &&
        cat -- "$from/result.run" >>"$BULK_RUNDIR/results"
)

# reason_of LOG: prints why a build failed as far as its log tells, in one line. The sandbox wrote it: no link is followed.
# The last megabyte is enough.
reason_of() {
    [ -f "$1" ] && [ ! -h "$1" ] || return 0
    tail -c 1000000 "$1" | LC_ALL=C cut -c 1-1000 | LC_ALL=C awk -f "$BULK_SCRIPTS/lib/reason.awk"
}
