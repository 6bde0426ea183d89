# shellcheck shell=sh source-path=SCRIPTDIR/..
# older.sh - is bulk.mk older than the tree? Only directories with a file that is younger than bulk.mk are compared with the digests that
# bulk.mk has of them.

[ -z "${older_sourced:-}" ] || return 0
older_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/say.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/inputs.sh"
older_most=200 # so many directories are compared

# older_note: says once a run how many package directories have changed since bulk.mk was made. BULK_RUNDIR/older names them, so that
# their builds need not say it again.
older_note() {
    older_found=$(older_changed)
    [ -n "$older_found" ] || return 0
    [ -z "${BULK_RUNDIR:-}" ] || printf '%s\n' "$older_found" >"$BULK_RUNDIR/older"
    say note "$(printf '%s\n' "$older_found" | awk -v makefile="$BULK_MAKEFILE" '
        $1 == "dir" { dirs++; if (dirs <= 3) names = names (names ? ", " : "") $2; next }
        $1 == "more" { more = "at least "; next }
        { mk = 1 }
        END {
            if (dirs) what = more dirs " package director" (dirs > 1 ? "ies" : "y") " (" names (dirs > 3 ? ", ..." : "") ")"
            if (mk) what = what (dirs ? " and " : "") "files below mk/"
            print what " changed after " makefile " was made: make -f " makefile " regenerate"
        }')"
}

# older_changed: prints `dir PKGPATH` for each changed or removed directory, `more` if there may be others, `mk` if mk/ has changed.
older_changed() (
    case $BULK_MAKEFILE in /*) makefile=$BULK_MAKEFILE ;; *) makefile=$PWD/$BULK_MAKEFILE ;; esac
    cd -- "$BULK_PKGSRCDIR" 2>/dev/null && [ -f mk/bsd.pkg.mk ] || exit 0
    newer=-newer
    ! find / -prune -cnewer "$makefile" >/dev/null 2>&1 || newer=-cnewer # a copy may have old times
    {
        older_known "$makefile" | while read -r path _; do
            if [ -f "$path/Makefile" ]; then printf '%s\n' "$path"; else printf 'dir %s\n' "$path" >&7; fi
        done | older_younger "$makefile" "$newer"
        echo @
        older_known "$makefile"
    } 7>&1 | awk '$1 == "dir" { print; next } $1 == "@" { known = 1; next } !known { younger[$1]; next } $1 in younger { print "look", $0 }' | {
        looked=0
        while read -r word path digest; do
            if [ "$word" = dir ]; then
                printf 'dir %s\n' "$path"
            elif [ "$looked" -ge "$older_most" ]; then
                echo more
                break
            else
                looked=$((looked + 1))
                [ "$(inputs_tree "$path")" = "$digest" ] || printf 'dir %s\n' "$path"
            fi
        done
    }
    case ${BULK_TREE_MK:--}:$BULK_INFRASTRUCTURE in
    -:* | *:ignore) ;;
    *) [ -z "$(printf 'mk\n' | older_younger "$makefile" "$newer")" ] || [ "$(inputs_tree mk)" = "$BULK_TREE_MK" ] || echo mk ;;
    esac
)

# older_known MAKEFILE: prints each directory that bulk.mk was made from, and its digest.
older_known() {
    awk '
        /^#job / { path = $3; next }
        /^#inputs / && match($0, / FILES=[^ ]*/) { know(path, substr($0, RSTART + 7, RLENGTH - 7)); next }
        /^#files / { know($2, $3) }
        function know(path, digest) { if (!(path in seen)) print path, digest; seen[path] }
    ' "$1"
}

# older_younger MAKEFILE NEWER: reads directories, prints the first two parts of those with a younger file.
older_younger() {
    # shellcheck disable=SC2016 # the inner shell expands it
    xargs sh -c 'makefile=$1 newer=$2
        shift 2
        [ $# -eq 0 ] || find "$@" \( -name CVS -o -name work -o -name "work.*" \) -prune -o "$newer" "$makefile" -print' sh "$1" "$2" 2>/dev/null |
        cut -d/ -f1,2 | LC_ALL=C sort -u
}
