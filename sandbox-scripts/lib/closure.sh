# shellcheck shell=sh
# closure.sh - all that a package needs, directly or not: what its sandbox may install and nothing else.

# closure FILE PKGNAME...: writes to FILE, a PKGNAME a line, sorted, the PKGNAMEs and all that they need. Taken from
# what was written beside the logs when those were built, else from the rules of bulk.mk.
closure() (
    file=$1
    shift
    [ $# -gt 0 ] || { : >"$file"; exit 0; }
    records=
    for name; do
        if [ -f "$BULK_LOG/$name/closure" ]; then records="$records $BULK_LOG/$name/closure"; else records=; break; fi
    done
    {
        if [ -n "$records" ]; then
            printf '%s\n' "$@"
            # shellcheck disable=SC2086 # check_settings allows no blanks in BULK_LOG
            cat -- $records
        else
            printf '%s\n' "$@" | awk -f "$BULK_SCRIPTS/lib/rules.awk" -f "$BULK_SCRIPTS/lib/closure.awk" wanted=1 - wanted='' "$BULK_MAKEFILE"
        fi
    } | LC_ALL=C sort -u >"$file"
)
