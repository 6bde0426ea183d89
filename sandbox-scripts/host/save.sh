# shellcheck shell=sh
# save.sh - moves the package and the fetched distfiles of a build to their places, always by rename.

[ -z "${save_sourced:-}" ] || return 0
save_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/settings.sh"

# distinfo_names PKGDIR: the distfiles in the distinfo of the package, one in a line.
distinfo_names() {
    [ ! -f "$1/distinfo" ] ||
        sed -n 's/^[A-Z][A-Za-z0-9]* (\([A-Za-z0-9@_+,=~!%:./-]*\)) = .*/\1/p' "$1/distinfo" | LC_ALL=C sort -u
}

# distinfo_of PKGDIR OUT: the distinfo of the package: its own, or the shared one that the sandbox names in OUT/distinfo, if that
# is a file of the tree.
distinfo_of() {
    distinfo=$1/distinfo
    if read -r distinfo_said 2>/dev/null <"$2/distinfo" && [ -f "$distinfo_said" ]; then
        distinfo_dir=$(cd -- "${distinfo_said%/*}" && pwd -P)
        distinfo_tree=$(cd -- "$BULK_PKGSRCDIR" && pwd -P)
        case $distinfo_dir/ in "$distinfo_tree"/*) distinfo=$distinfo_dir/${distinfo_said##*/} ;; esac
    fi
    [ ! -f "$distinfo" ] || printf '%s\n' "$distinfo"
}

# digests ALGORITHM: for each file named on standard input, a line with digest and name.
digests() {
    case $1 in
    SHA512 | SHA256 | SHA1) digests_by=$(printf '%s' "${1}sum" | tr '[:upper:]' '[:lower:]') ;;
    esac
    case $1 in
    SHA*) if command -v "$digests_by" >/dev/null 2>&1; then xargs "$digests_by" --; return; fi ;;
    esac
    case $1 in BLAKE2s) set -- blake2s256 ;; esac
    xargs openssl dgst -r "-$(printf '%s' "$1" | tr '[:upper:]' '[:lower:]')"
}

# save_distfiles OUTDIR STAGING PKGDIR: moves plain files of the sandbox below OUTDIR/distfiles to BULK_DISTDIR under the same
# names, if the distinfo of the package has them with their size and checksum. STAGING is on the file system of BULK_DISTDIR.
# There can be thousands of them: names are passed in files.
save_distfiles() (
    [ -d "$1/distfiles" ] || exit 0
    info=$(distinfo_of "$3" "$1/out")
    [ -n "$info" ] || exit 0
    cd -- "$1/distfiles" || exit
    # Files with odd names are ignored, links are not followed, and hard links are not taken.
    LC_ALL=C find . \( -name '*[!A-Za-z0-9@_+,=~!%:.-]*' -prune \) -o -type f -links 1 -print >"$1/found"
    LC_ALL=C awk -f "$BULK_SCRIPTS/host/distinfo.awk" "$info" want=1 "$1/found" >"$1/wanted" || exit
    [ -s "$1/wanted" ] || exit 0
    cut -d' ' -f2 "$1/wanted" | xargs wc -c | LC_ALL=C grep ' \./' >"$1/sizes"
    cut -d' ' -f1 "$1/wanted" | LC_ALL=C sort -u | while read -r algorithm; do
        sed -n "s/^$algorithm //p" "$1/wanted" | digests "$algorithm" >"$1/digests" 2>/dev/null || :
        LC_ALL=C awk -f "$BULK_SCRIPTS/host/distinfo.awk" "$info" have=1 "$1/sizes" have='' digest="$algorithm" "$1/digests"
    done >"$1/right"
    [ -s "$1/right" ] || exit 0
    mkdir -- "$2" && tar -cf - -T "$1/right" | (cd -- "$2" && tar -xf - -o) && chmod -R u=rwX,go=rX "$2" &&
        [ "$(find "$2" -type f | wc -l)" -eq "$(wc -l <"$1/right")" ] && save_tree "$2" "$BULK_DISTDIR"
)

# save_tree FROM TO: makes the files below FROM, on the file system of TO, appear at the same places below TO, each in one step: by
# hard links (GNU cp renames them over existing files), if cp can do that.
save_tree() {
    cp -Rlf -- "$1/." "$2" 2>/dev/null || (
        cd -- "$1" && find . -type d -exec sh -c 'to=$0; for dir do mkdir -p -- "$to/$dir" || exit; done' "$2" {} + &&
            find . -type f -exec sh -c 'to=$0; for file do mv -f -- "$file" "$to/$file" || exit; done' "$2" {} +
    )
}

# save_package FILE TARGET NEEDED...: FILE, on the same file system, becomes TARGET once it is safe on disk. It is never older than
# the NEEDED files: one of those may be dated in the future, and make would build the package again in every run.
save_package() {
    [ -f "$1" ] && [ ! -h "$1" ] && [ -s "$1" ] || return 1
    chown 0:0 "$1"
    chmod 644 "$1"
    touch -- "$1"
    save_from=$1 save_to=$2
    shift 2
    while [ $# -gt 0 ] && save_newer=$(find "$@" -newer "$save_from" | sed -n 1p) && [ -n "$save_newer" ]; do
        touch -r "$save_newer" -- "$save_from"
    done
    sync "$save_from" && mv -f -- "$save_from" "$save_to"
}
