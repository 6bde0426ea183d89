# shellcheck shell=sh
# record.sh - the result record of a package, BULKLOG/PKGNAME/result: KEY=VALUE lines, described in the README.

# record STATUS LOGDIR OUTDIR KEY=VALUE...: writes LOGDIR/result in one rename, adding times and sizes from OUTDIR.
record() (
    status=$1 to=$2 from=$3
    shift 3
    {
        printf 'STATUS=%s\n' "$status"
        printf '%s\n' "$@"
        [ ! -f "$from/phase" ] || [ "$status" = built ] || printf 'PHASE=%s\n' "$(cat -- "$from/phase")"
        [ ! -f "$from/facts" ] || cat -- "$from/facts"
        [ ! -f "$from/phases" ] || awk '{
            cpu = $4 * 60 + $5 + $6 * 60 + $7
            printf "SECONDS.%s=%.2f\nCPU_SECONDS.%s=%.2f\n", $1, $3 - $2, $1, cpu - before
            before = cpu
        }' "$from/phases"
    } >"$to/result.new"
    mv -f -- "$to/result.new" "$to/result"
)
