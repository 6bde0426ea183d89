# shellcheck shell=sh
# record.sh - the result record of a package, BULKLOG/PKGNAME/result: KEY=VALUE lines, described in the README.

# record STATUS LOGDIR OUTDIR KEY=VALUE...: writes LOGDIR/result in one rename, adding times and sizes from OUTDIR.
record() (
    status=$1 logdir=$2 outdir=$3
    shift 3
    {
        printf 'STATUS=%s\n' "$status"
        printf '%s\n' "$@"
        [ ! -f "$outdir/phase" ] || [ "$status" = built ] || printf 'PHASE=%s\n' "$(cat -- "$outdir/phase")"
        [ ! -f "$outdir/facts" ] || cat -- "$outdir/facts"
        [ ! -f "$outdir/phases" ] || awk '{
            cpu = $4 * 60 + $5 + $6 * 60 + $7
            printf "SECONDS.%s=%.2f\nCPU_SECONDS.%s=%.2f\n", $1, $3 - $2, $1, cpu - before
            before = cpu
        }' "$outdir/phases"
    } >"$logdir/result.new"
    mv -f -- "$logdir/result.new" "$logdir/result"
)
