# shellcheck shell=sh source-path=SCRIPTDIR/..
# inputs.sh - the inputs of a build as text, a line each. A package is built again when they change; a failed package is retried
# only then. Lines that begin with `try` count for failed packages only: they decide whether a build succeeds, not what it makes.

[ -z "${inputs_sourced:-}" ] || return 0
inputs_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/save.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/identity.sh"
: "${inputs_before=}" "${run_launch=}" # set by the caller, and by run_identity

# inputs_shared: once a run, prints the inputs that all its builds share, and the checksums of kit and base if they are archives.
inputs_shared() {
    identity
    for inputs_archive in "$BULK_KIT" "$BULK_BASE"; do
        [ ! -f "$inputs_archive" ] || printf 'try archive %s %s\n' "${inputs_archive##*/}" "$(os_sha256 "$inputs_archive")"
    done
}

# inputs PKGDIR WORD... -- FILE...: prints the words and what they stand for, the FILEs (packages of the direct dependencies), the
# system, mk.conf, the files of the package. Then the settings, the checksums of the archives of kit and base, inode and size of the FILEs
# and of a kit that is a directory. Those younger than the file inputs_before are named, since the times that ls prints are
# exact only to the minute or day.
inputs() (
    pkgdir=$1
    shift
    while [ "$1" != -- ]; do
        case $1 in
        FILES=* | NEEDS=*) ;; # the real ones count
        INCLUDES=*) printf 'includes %s\n' "${1#*=}" ;;
        OPTIONS=*) printf 'options\n%s\n' "${1#*=}" | awk 'NR == 1 { print; next } { n = split($0, names, "="); for (i = 1; i <= n; i++) print "option", names[i] }' ;;
        *) printf 'argument %s\n' "$1" ;;
        esac
        shift
    done
    shift
    for input; do
        input=${input##*/}
        printf 'depends %s\n' "${input%"$BULK_PKG_SUFX"}"
    done
    printf 'mk %s\n' "${BULK_TREE_MK:--}"
    if [ -f "$run_launch/inputs" ]; then cat -- "$run_launch/inputs"; else identity; fi
    inputs_files "$pkgdir" | sed 's/^/file /'
    for input in $BULK_INPUTS; do eval "printf 'try setting %s=%s\n' $input \"\$BULK_$input\""; done
    [ ! -d "$BULK_KIT" ] || set -- "$@" "$BULK_KIT"
    [ $# -gt 0 ] || exit 0
    # shellcheck disable=SC2012 # names are the callers', and only the first columns are read
    ls -dinLq -- "$@" | awk '{ print "try package", $10, $1, $6 }'
    find -H "$@" -prune -newer "$inputs_before" -exec printf 'try younger %s\n' {} +
)

# inputs_files PKGDIR: `DIGEST  PATH` of each file and link that counts; pkgmkgen/scan/package_files.py makes the same list. RCS ids
# do not count, nor work directories, backups, and names that are not printable. inputs_tree: one digest of all.
inputs_files() (
    LC_ALL=C
    export LC_ALL
    cd -- "$1" 2>/dev/null || exit 0
    inputs_found() {
        find . \( -name CVS -o -name '*[!] -[^-~]*' -o -path './work' -o -path './work.*' -o -path './.work*' -o \
            \( ! -path './files/*' \( -name '*~' -o -name '*.orig' -o -name '*.rej' -o -name '.#*' \) \) \) -prune -o "$@"
    }
    {
        # shellcheck disable=SC2016 # the inner shell expands it
        inputs_found -type f -exec sh -c '. "$0"; inputs_digests "$@"' "$BULK_SCRIPTS/host/digests.sh" {} +
        # shellcheck disable=SC2016 # a pattern
        inputs_found -type f -exec grep -l '\$NetBSD[^$]*\$' {} + | inputs_without_ids
        inputs_found -type l -print | while IFS= read -r file; do
            target=$(readlink -- "$file")
            printf '%s  %s\n' "$(printf '%s' "$target" | inputs_digests | cut -c1-64)" "$file"
        done
    } | awk '{ name = substr($0, 67); if (!(name in digest)) order[++n] = name; digest[name] = $1 }
        END { for (i = 1; i <= n; i++) print digest[order[i]] "  " order[i] }' | sort -k2
)

# inputs_without_ids: `DIGEST  PATH` of the files that standard input names, as they are without RCS ids: one program for all.
inputs_without_ids() (
    IFS= read -r file || exit 0
    to=$(mktemp -d) || exit
    trap 'rm -rf -- "$to"' EXIT
    trap 'exit 130' HUP INT TERM
    { printf '%s\n' "$file" && cat; } >"$to/names"
    # shellcheck disable=SC2016 # a pattern
    awk -v to="$to/" '{
        file = $0
        copy = to (1000000 + NR)
        printf "" >copy
        while ((getline line <file) > 0) { gsub(/\$NetBSD[^$]*\$/, "$NetBSD$", line); print line >copy }
        close(file)
        close(copy)
    }' "$to/names"
    inputs_digests "$to"/1* | awk 'FNR == NR { name[NR] = $0; next } { print substr($1, 1, 64) "  " name[FNR] }' "$to/names" -
)
inputs_tree() { inputs_files "$1" | inputs_digests | cut -c1-16; }

# inputs_fetched PKGDIR: name and size of the distfiles of the package that are in DISTDIR: a package that could not fetch
# a distfile is tried again when it is there.
inputs_fetched() (
    cd -- "$BULK_DISTDIR" || exit
    distinfo_names "$1" | while IFS= read -r file; do # there can be thousands
        [ ! -f "./$file" ] || printf './%s\n' "$file"
    done | xargs wc -c | sed -n 's|^ *\([0-9]*\) \./\(.*\)|try distfile \2 \1|p'
)
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/digests.sh"
