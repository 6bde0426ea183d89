# shellcheck shell=sh
# result.sh - the result of a package, BULKLOG/PKGNAME/result: KEY=VALUE lines, described by `pkgmkgen help reports`.

[ -z "${result_sourced:-}" ] || return 0
result_sourced=yes

# result_write STATUS LOGDIR OUTDIR KEY=VALUE...: writes LOGDIR/result in one rename, adding times, sizes and warnings from
# OUTDIR, where the sandbox wrote OUTDIR/out: only valid facts are taken from it. Then adds the result to
# those of the run.
result_write() (
    status=$1 to=$2 from=$3
    shift 3
    {
        printf 'STATUS=%s\n' "$status"
        printf '%s\n' "$@"
        cat -- "$from/limits"
        [ ! -f "$from/pool/used" ] || cat -- "$from/pool/used"
        printf 'INSTALLED=%d\n' "$(wc -l <"$from/closure")"
        for result_file in facts phases; do [ -f "$from/out/$result_file" ] || : >"$from/out/$result_file"; done
        LC_ALL=C awk -f "$BULK_SCRIPTS/host/facts.awk" facts=1 "$from/out/facts" facts='' "$from/out/phases"
    } >"$from/result"
    { cat -- "$from/result" && echo; } >"$from/result.run" # so that it is one write and does not mix with those of other builds
    mv -f -- "$from/result" "$to/result.new" && mv -f -- "$to/result.new" "$to/result" &&
        cat -- "$from/result.run" >>"$BULK_RUNDIR/results"
)

# reason_of LOG: prints in one line why a build failed, if its log says so. The sandbox wrote the log: links are not followed.
# Only the last megabyte is read.
reason_of() {
    [ -f "$1" ] && [ ! -h "$1" ] || return 0
    tail -c 1000000 "$1" | LC_ALL=C cut -c 1-1000 | LC_ALL=C awk -f "$BULK_SCRIPTS/host/reason.awk"
}
