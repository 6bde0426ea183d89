# shellcheck shell=sh source-path=SCRIPTDIR/..
# damaged.sh - renames binary packages that a power failure, a full disk or a bad copy left empty or truncated, so that make
# builds them again and their dependents do not fail.

[ -z "${damaged_sourced:-}" ] || return 0
damaged_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/say.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/settings.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/leavings.sh"
: "${pkgname=}" "${outdir=}" # set by build_begin

# damaged_aside FILE WHAT
damaged_aside() {
    mv -f -- "$1" "$1.damaged" || machine_failure "cannot rename the damaged package $1" "remove the file"
    say damaged "$1: $2; renamed to ${1##*/}.damaged, to be built again"
}

# damaged_packages: called when a run begins. Reads only the files whose size differs from that in the result.
damaged_packages() {
    # shellcheck disable=SC2012 # damaged.awk says which words of it count
    ls -lnq -- "$BULK_PACKAGES/All" | awk -v suffix="$BULK_PKG_SUFX" -v logs="$BULK_LOG" -f "$BULK_SCRIPTS/host/damaged.awk" |
        while read -r damaged_name; do
            damaged_what=$(package_fault "$BULK_PACKAGES/All/$damaged_name$BULK_PKG_SUFX" "$damaged_name")
            [ -z "$damaged_what" ] || damaged_aside "$BULK_PACKAGES/All/$damaged_name$BULK_PKG_SUFX" "$damaged_what"
        done
}

# damaged_empty FILE: an empty dependency halts the run; the next run builds it.
damaged_empty() {
    [ -f "$1" ] || return 0
    damaged_aside "$1" "it is empty"
    machine_failure "$1, a dependency of $pkgname, is empty" "run the same command again: make builds it first"
}

# damaged_depends: called when the dependencies in outdir/closure could not be installed: is any of them damaged?
damaged_depends() {
    damaged_name=
    while read -r damaged_word; do
        damaged_what=$(package_fault "$BULK_PACKAGES/All/$damaged_word$BULK_PKG_SUFX" "$damaged_word")
        [ -z "$damaged_what" ] || { damaged_name=$damaged_word; damaged_aside "$BULK_PACKAGES/All/$damaged_word$BULK_PKG_SUFX" "$damaged_what"; }
    done <"$outdir/closure"
    [ -z "$damaged_name" ] || machine_failure "the package $damaged_name, a dependency of $pkgname, is damaged" "run the same command again: make builds it first"
}
