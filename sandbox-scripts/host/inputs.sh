# shellcheck shell=sh source-path=SCRIPTDIR/..
# inputs.sh - the inputs of a build as text. A failed package is retried only when its inputs change.

[ -z "${inputs_sourced:-}" ] || return 0
inputs_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/save.sh"
: "${inputs_before=}" "${run_launch=}" # set by the caller, and by run_identity

# inputs_archives: once a run, prints the checksums of kit and base if they are archives.
inputs_archives() {
    for inputs_archive in "$BULK_KIT" "$BULK_BASE"; do
        [ ! -f "$inputs_archive" ] || printf 'archive %s\n' "$(os_sha256 "$inputs_archive")"
    done
}

# inputs PKGDIR WORD... -- FILE...: prints the words, the settings that a build can see, the checksums of the files of the
# package, of mk.conf, of the archives of kit and base, inode and size of the binary packages of the dependencies and of a kit or
# base that is a directory. Those younger than the file inputs_before are named, since the times that ls prints are exact only to
# the minute or day.
inputs() (
    pkgdir=$1
    shift
    while [ "$1" != -- ]; do printf 'argument %s\n' "$1"; shift; done
    shift
    for input in $BULK_INPUTS; do eval "printf 'setting %s=%s\n' $input \"\$BULK_$input\""; done
    inputs_files "$pkgdir"
    [ -z "$BULK_MAKECONF" ] || cksum -- "$BULK_MAKECONF"
    [ ! -f "$run_launch/archives" ] || cat -- "$run_launch/archives"
    [ ! -d "$BULK_KIT" ] || set -- "$@" "$BULK_KIT"
    [ $# -gt 0 ] || exit 0
    # shellcheck disable=SC2012 # names are the callers', and only the first columns are read
    ls -dinLq -- "$@" | awk '{ print "file", $1, $6, $10 }'
    find -H "$@" -prune -newer "$inputs_before" -exec printf 'younger %s\n' {} +
)

# inputs_files PKGDIR: the checksum of each file, and the targets of links. inputs_tree PKGDIR: one checksum of all that.
inputs_files() (
    cd -- "$1" 2>/dev/null || exit 0
    {
        find . -name CVS -prune -o -type f -exec cksum -- {} +
        find . -name CVS -prune -o -type l ! -name work ! -name 'work.*' -exec sh -c 'for link; do printf "link %s %s\n" "$(readlink -- "$link")" "$link"; done' sh {} +
    } | LC_ALL=C sort -k3
)
inputs_tree() { inputs_files "$1" | cksum; }

# inputs_fetched PKGDIR: name and size of the distfiles of the package that are in DISTDIR: a package that could not fetch
# a distfile is tried again when it is there.
inputs_fetched() (
    cd -- "$BULK_DISTDIR" || exit
    distinfo_names "$1" | while IFS= read -r file; do # there can be thousands
        [ ! -f "./$file" ] || printf './%s\n' "$file"
    done | xargs wc -c | sed -n 's|^ *\([0-9]*\) \./\(.*\)|distfile \2 \1|p'
)
