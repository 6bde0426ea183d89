# shellcheck shell=sh source-path=SCRIPTDIR/..
# inputs.sh - what a build is made from, as text that can be compared and read: when it is unchanged, a package that
# failed is not tried again.

[ -z "${inputs_sourced:-}" ] || return 0
inputs_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/save.sh"
: "${inputs_before=}" # set by the caller

# inputs PKGDIR WORD... -- FILE...: the words as they are, the settings that a build can see, the checksums of the package's own
# files and of mk.conf, the inode and size of the dependencies' binary packages, kit and base. Those
# younger than the file inputs_before are named: ls tells times of this half-year to the minute and others to the day.
inputs() (
    pkgdir=$1
    shift
    while [ "$1" != -- ]; do printf 'argument %s\n' "$1"; shift; done
    shift
    for input in $BULK_INPUTS; do eval "printf 'setting %s=%s\n' $input \"\$BULK_$input\""; done
    inputs_files "$pkgdir"
    [ -z "$BULK_MAKECONF" ] || cksum -- "$BULK_MAKECONF"
    [ ! -f "$BULK_BASE" ] || set -- "$@" "$BULK_BASE"
    [ -z "$BULK_KIT" ] || set -- "$@" "$BULK_KIT"
    [ $# -gt 0 ] || exit 0
    # shellcheck disable=SC2012 # names are the callers', and only the first columns are read
    ls -dinLq -- "$@" | awk '{ print "file", $1, $6, $10 }'
    find -H "$@" -prune -newer "$inputs_before" -exec printf 'younger %s\n' {} +
)

# inputs_files PKGDIR: the checksum of each file, and where links lead. inputs_tree PKGDIR: one for all of them.
inputs_files() (
    cd -- "$1" 2>/dev/null || exit 0
    {
        find . -name CVS -prune -o -type f -exec cksum -- {} +
        find . -name CVS -prune -o -type l ! -name work ! -name 'work.*' -exec sh -c 'for link; do printf "link %s %s\n" "$(readlink -- "$link")" "$link"; done' sh {} +
    } | LC_ALL=C sort -k3
)
inputs_tree() { inputs_files "$1" | cksum; }

# inputs_fetched PKGDIR: the distfiles that are there, by name and size, of those that the package names: a package that
# could not fetch one is tried again when somebody has put it there.
inputs_fetched() (
    cd -- "$BULK_DISTDIR" || exit
    distinfo_names "$1" | while IFS= read -r file; do
        [ ! -f "./$file" ] || printf 'distfile %s %s\n' "$file" "$(wc -c <"./$file" | tr -d ' ')"
    done
)
