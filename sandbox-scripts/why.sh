#!/bin/sh
# shellcheck source-path=SCRIPTDIR
# why.sh - reads the output of `make -n`; prints for each package in it why it would be built: PKGNAME: REASON. Called by
# `make -f bulk.mk why [PKG=NAME]`. Builds nothing. With the argument
# `before`: only compares packages that have no record, as `make -n` does (host/takeover.sh). Exit: 0; 75 the machine failed.
set -eu
umask 022
: "${BULK_SCRIPTS:?not set: use make -f bulk.mk why}"
# shellcheck source=host/host.sh
. "$BULK_SCRIPTS/host/host.sh"
# shellcheck source=host/rebuild.sh
. "$BULK_SCRIPTS/host/rebuild.sh"
# shellcheck source=host/takeover.sh
. "$BULK_SCRIPTS/host/takeover.sh"
[ "${1:-}" != before ] || {
    takeover >&2
    exit 0
}
pending=$(awk '{ sub(/^{ /, "") } $1 == "would" && $2 == "build" && NF > 3 { print $3, $4 }')
[ -n "$pending" ] || { printf 'nothing to build\n'; exit 0; }
outdated=$(sh "$BULK_SCRIPTS/outdated.sh")
pkgname='' pkgpath='' target='' needed='' # for rebuild.sh
named=200 # so many packages are compared file by file
# shellcheck disable=SC2034 # for inputs.sh
inputs_before=$BULK_MAKEFILE

# why_words WHAT,WHAT...: the words of outdated.awk for people.
why_words() { printf '%s\n' "$1" | awk -f "$BULK_SCRIPTS/bulkmk/changed.awk" -f "$BULK_SCRIPTS/bulkmk/why.awk"; }

# why_depends PKGNAME: the first direct dependency that is to be built, too, or is newer.
why_depends() {
    awk -v want="$1" -f "$BULK_SCRIPTS/bulkmk/rules.awk" -f "$BULK_SCRIPTS/bulkmk/needs.awk" "$BULK_MAKEFILE" | while read -r why_name; do
        case $why_pending in
        *" $why_name "*) printf 'dependency %s is built again\n' "$why_name"; break ;;
        esac
        [ -z "$(find "$BULK_PACKAGES/All/$why_name$BULK_PKG_SUFX" -newer "$target" 2>/dev/null)" ] ||
            { printf 'dependency %s is newer\n' "$why_name"; break; }
    done
}

# why PKGNAME PKGPATH: prints the reason.
why() {
    pkgname=$1 pkgpath=$2 target=$BULK_PACKAGES/All/$1$BULK_PKG_SUFX why_reason=''
    [ -s "$target" ] || { [ -f "$target" ] && echo "its file is empty" || echo "it is not built yet"; return; }
    why_what=$(printf '%s\n' "$outdated" | awk -v name="$1" '$1 == name { print $2 }')
    if [ -n "$why_what" ]; then
        [ "$named" -lt 0 ] || [ ! -s "$BULK_PACKAGES/.inputs/$1" ] || {
            needed=$(awk -v want="$1" -v before="$BULK_PACKAGES/All/" -v after="$BULK_PKG_SUFX" -f "$BULK_SCRIPTS/bulkmk/rules.awk" \
                -f "$BULK_SCRIPTS/bulkmk/needs.awk" "$BULK_MAKEFILE" | tr '\n' ' ')
            rebuild_read
            why_reason=$(rebuild_inputs | rebuild_differences "$BULK_PACKAGES/.inputs/$1" -)
        }
        printf '%s\n' "${why_reason:-$(why_words "$why_what")}"
        return
    fi
    why_reason=$(why_depends "$1")
    [ "$BULK_CASCADE" = all ] || why_reason="${why_reason:+$why_reason; }CASCADE=$BULK_CASCADE may keep it"
    printf '%s\n' "${why_reason:-make was told to}"
}

why_pending=" $(printf '%s\n' "$pending" | cut -d' ' -f1 | tr '\n' ' ')"
printf '%s\n' "$pending" | while read -r name path; do
    reason=$(why "$name" "$path")
    printf '%s: %s\n' "$name" "$reason"
    named=$((named - 1))
done
