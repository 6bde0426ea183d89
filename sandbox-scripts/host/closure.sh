# shellcheck shell=sh
# closure.sh - all dependencies of a package, direct or not: the packages that its sandbox may install.

[ -z "${closure_sourced:-}" ] || return 0
closure_sourced=yes

# closure FILE PKGNAME...: writes to FILE the PKGNAMEs and all their dependencies, one in a line, sorted. Taken from the
# closure files beside their logs, if these are complete, else from the rules of bulk.mk.
closure() (
    file=$1
    shift
    [ $# -gt 0 ] || { : >"$file"; exit 0; }
    results=
    for name; do
        if [ -f "$BULK_LOG/$name/closure" ] && [ -f "$BULK_LOG/$name/result" ]; then
            results="$results $BULK_LOG/$name/result $BULK_LOG/$name/closure"
        else
            results=
            break
        fi
    done
    # shellcheck disable=SC2086 # check_settings allows no blanks in BULK_LOG
    {
        [ -n "$results" ] && LC_ALL=C awk -f "$BULK_SCRIPTS/host/closures.awk" $results >"$file.all" 2>/dev/null && printf '%s\n' "$@" >>"$file.all"
    } || printf '%s\n' "$@" |
        awk -f "$BULK_SCRIPTS/bulkmk/rules.awk" -f "$BULK_SCRIPTS/bulkmk/closure.awk" wanted=1 - wanted='' "$BULK_MAKEFILE" >"$file.all"
    LC_ALL=C sort -u -o "$file" "$file.all"
    rm -f -- "$file.all"
)
