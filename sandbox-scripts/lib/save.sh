# shellcheck shell=sh
# save.sh - brings what a build made to its place, always by rename: the package, and distfiles that were fetched.

# save_distfiles FROM STAGING: files below FROM enter BULK_DISTDIR under the same names; STAGING is on its file system.
save_distfiles() (
    [ -d "$1" ] || exit 0
    mkdir -- "$2"
    cp -R -- "$1/." "$2"
    cd -- "$2" || exit
    find . -type f -exec sh -c 'for file do mkdir -p -- "$0/${file%/*}" && mv -f -- "$file" "$0/$file" || exit 1; done' \
        "$BULK_DISTDIR" {} +
)

# save_package FILE TARGET: FILE, on the same file system, becomes TARGET once it is safe on disk.
save_package() {
    [ -f "$1" ] && [ ! -h "$1" ] && [ -s "$1" ] || return 1
    chown 0:0 "$1"
    chmod 644 "$1"
    touch -- "$1"
    sync "$1" && mv -f -- "$1" "$2"
}
