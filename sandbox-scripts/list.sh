#!/bin/sh
# shellcheck source-path=SCRIPTDIR
# list.sh [dry] - reads what `make -n` would build; prints each package of bulk.mk, a line each: PKGNAME PKGPATH STATE. Called by
# `make -f bulk.mk list`. With `dry`, by `make -n`: only the packages that would be built, and how many would not, and why. Builds nothing.
# Exit: 0; 75 the machine failed.
set -eu
umask 022
LC_ALL=C
export LC_ALL
: "${BULK_SCRIPTS:?not set: use make -f bulk.mk list}"
# shellcheck source=host/host.sh
. "$BULK_SCRIPTS/host/host.sh"
# shellcheck source=host/rebuild.sh
. "$BULK_SCRIPTS/host/rebuild.sh"
run_launch=$BULK_LOG/none retry=$BULK_RETRY own=
trap '[ -z "$own" ] || rm -rf -- "$own"' EXIT

# failed: prints of the packages in `pending` that failed before, with dependencies that are there: PKGNAME, tab, its words in bulk.mk, tab, its
# dependencies.
failed() {
    find "$BULK_LOG/." ! -name . -prune -type d ! -name '.*' -exec sh -c 'for dir; do grep -Eqs "^STATUS=(failed|timed-out)$" "$dir/result" && printf "%s\n" "${dir##*/}"; done; :' sh {} + 2>/dev/null |
        awk -f "$BULK_SCRIPTS/bulkmk/failed.awk" -f "$BULK_SCRIPTS/bulkmk/rules.awk" failed=1 - failed='' pending=1 "$own/pending" pending='' "$BULK_MAKEFILE"
}

# known: reads the lines of `failed`: prints PKGNAME, `failed` or `again`, PHASE and a text: the reason, or what has changed since.
known() (
    tab=$(printf '\t')
    while IFS=$tab read -r pkgname rebuild_words needs; do
        needed=
        for need in $needs; do needed="$needed $BULK_PACKAGES/All/$need$BULK_PKG_SUFX"; done
        pkgpath=$(awk -v name="$pkgname" '$1 == name { print $2 }' "$own/pending")
        [ -f "$own/inputs" ] || inputs_shared >"$own/inputs"
        if rebuild_known "$BULK_LOG/$pkgname"; then
            printf '%s failed %s %s\n' "$pkgname" "$known_phase" "$(sed -n 's/^REASON=//p' "$BULK_LOG/$pkgname/result" | cut -c1-200)"
        elif [ -n "$known_phase" ]; then
            printf '%s again %s %s\n' "$pkgname" "$known_phase" "${known_differences:-its run was killed}"
        fi
    done
)

own=$(mktemp -d) || machine_failure "cannot create a temporary directory" "check the free space of /tmp"
run_launch=$own
awk -v pending="$own/pending" -v dry="${1:-}" '{ sub(/^{ /, "") } $1 == "would" && $2 == "build" && NF > 3 { print $3, $4 >pending; next } dry { print }'
[ -f "$own/pending" ] || : >"$own/pending"
{
    [ -n "$retry" ] || failed | known
    for file in "$BULK_LOG/.hold"/*; do [ ! -f "$file" ] || printf '%s held\n' "${file##*/}"; done
} >"$own/known"
: >"$own/outdated"
[ "${1:-}" = dry ] || sh "$BULK_SCRIPTS/outdated.sh" >"$own/outdated"
# shellcheck disable=SC2012 # names in PACKAGES/All are PKGNAMEs
{ ls -- "$BULK_PACKAGES/All" 2>/dev/null || :; } >"$own/present"
awk -v dry="${1:-}" -v suffix="$BULK_PKG_SUFX" -f "$BULK_SCRIPTS/bulkmk/changed.awk" -f "$BULK_SCRIPTS/bulkmk/list.awk" -f "$BULK_SCRIPTS/bulkmk/rules.awk" \
    reading=pending "$own/pending" reading=known "$own/known" reading=outdated "$own/outdated" reading=present "$own/present" reading='' "$BULK_MAKEFILE"
