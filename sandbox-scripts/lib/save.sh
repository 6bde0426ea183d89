# shellcheck shell=sh
# save.sh - brings what a build made to its place, always by rename: the package, and distfiles that were fetched.

# distinfo_names PKGDIR: the distfiles that the package names in its distinfo, a line each.
distinfo_names() {
    [ ! -f "$1/distinfo" ] ||
        sed -n 's/^[A-Z][A-Za-z0-9]* (\([A-Za-z0-9@_+,=~./-]*\)) = .*/\1/p' "$1/distinfo" | LC_ALL=C sort -u
}

# save_distfiles FROM STAGING PKGDIR: plain files below FROM, which a sandbox made, enter BULK_DISTDIR under the same names
# if the package's distinfo names them or there is no such file yet; STAGING is on its file system.
save_distfiles() (
    [ -d "$1" ] || exit 0
    mkdir -- "$2"
    cp -R -- "$1/." "$2"
    cd -- "$2" || exit
    names="
$(distinfo_names "$3")
"
    export names
    # shellcheck disable=SC2016 # expanded by the inner shell
    find . -type f -exec sh -c 'for file do
        case $names in *"
${file#./}
"*) ;; *) [ ! -e "$0/$file" ] || continue ;; esac
        mkdir -p -- "$0/${file%/*}" && mv -f -- "$file" "$0/$file" || exit 1
    done' "$BULK_DISTDIR" {} +
)

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
