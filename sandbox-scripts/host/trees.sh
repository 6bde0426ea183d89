# shellcheck shell=sh source-path=SCRIPTDIR/..
# trees.sh - PKGSRCDIR, PACKAGES and DISTDIR by their physical paths: a symbolic link in a path would lead elsewhere in a
# sandbox.

[ -z "${trees_sourced:-}" ] || return 0
trees_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/say.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/settings.sh"

# trees_physical FILE: sets the three to their physical paths, and writes FILE, which does the same where it is sourced.
# trees_pkgsrcdir keeps the original path of the tree.
trees_physical() {
    trees_pkgsrcdir=$BULK_PKGSRCDIR
    for trees_name in PKGSRCDIR PACKAGES DISTDIR; do
        trees_given=''
        eval "trees_given=\$BULK_$trees_name"
        trees_real=$(cd -P -- "$trees_given" && pwd -P) || machine_failure "$trees_name=$trees_given is not a directory" "create it, or set $trees_name to another one"
        [ "$trees_real" = "$trees_given" ] || settings_directory "$trees_real" "$trees_name $trees_given leads to '$trees_real', which"
        printf "%s='%s'\n" "BULK_$trees_name" "$trees_real"
        eval "BULK_$trees_name=\$trees_real"
    done >"$1.new"
    [ ! -h "$BULK_PACKAGES/All" ] ||
        machine_failure "$BULK_PACKAGES/All is a symbolic link, which does not work in a sandbox" "make PACKAGES the link: move the files back, or link to the directory above All"
    mv -f -- "$1.new" "$1"
}

# trees_link SKEL: if the original path differs, makes it a link to the tree in the root SKEL. To be called last: later files
# would be written through the link.
trees_link() {
    case $trees_pkgsrcdir in
    "$BULK_PKGSRCDIR" | "$BULK_PKGSRCDIR"/* | "$BULK_PACKAGES"/* | "$BULK_DISTDIR"/*) return 0 ;;
    esac
    mkdir -p -- "$1${trees_pkgsrcdir%/*}"
    rm -rf -- "${1:?}$trees_pkgsrcdir"
    ln -s -- "$BULK_PKGSRCDIR" "$1$trees_pkgsrcdir"
}
