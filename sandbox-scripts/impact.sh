#!/bin/sh
# shellcheck source-path=SCRIPTDIR
# impact.sh MAKE ARG... - builds the packages of bulk.mk that a change of the tree touches, and what they need: the change is BULK_CHANGES, files
# or revisions of git, as `pkgmkgen impact` takes them. Then compares with the run before. Called by `make -f bulk.mk impact`.
# Exit: 0 success; 1 a package failed, or bulk.mk is older than the change; 75 the run was halted; 130 interrupted.
set -eu
umask 022
: "${BULK_SCRIPTS:?not set: use make -f bulk.mk impact}" "${BULK_CHANGES=}"
# shellcheck source=host/host.sh
. "$BULK_SCRIPTS/host/host.sh"
# shellcheck source=host/inputs.sh
. "$BULK_SCRIPTS/host/inputs.sh"
# shellcheck source=host/dry.sh
. "$BULK_SCRIPTS/host/dry.sh"

# stale NAME...: prints the first package that bulk.mk does not have, or whose files are others than those that bulk.mk was made from.
stale() {
    printf '%s\n' "$@" | awk 'FILENAME == "-" { wanted[$1] = 1; next }
        /^#job / && $2 in wanted { path[$2] = $3 }
        /^#inputs / && $2 in path && match($0, / FILES=[0-9a-f]*/) { print $2, path[$2], substr($0, RSTART + 7, RLENGTH - 7) }
        END { for (name in wanted) if (!(name in path)) print name }' - "$BULK_MAKEFILE" | while read -r stale_name stale_path stale_files; do
        if [ -z "$stale_path" ] || [ "$(inputs_tree "$BULK_PKGSRCDIR/$stale_path")" != "$stale_files" ]; then
            printf '%s\n' "$stale_name"
            break
        fi
    done
}

list=$(mktemp)
trap 'rm -f -- "$list"' EXIT
trap 'exit 130' HUP INT TERM
sed -n 's/^#job [^ ]* \([^ ]*\) .*/\1/p; s/^#skip [^ ]* \([^ ]*\) .*/\1/p' "$BULK_MAKEFILE" | LC_ALL=C sort -u >"$list"
# shellcheck disable=SC2086 # words
names=$("$BULK_PKGMKGEN" impact --names --like "$BULK_MAKEFILE" --pkgsrc "$BULK_PKGSRCDIR" --list "$list" -- $BULK_CHANGES)
[ -n "$names" ] || exit 0
# shellcheck disable=SC2086 # PKGNAMEs
first=$(stale $names)
[ -z "$first" ] || {
    printf 'pkgmkgen: %s is older than the change of %s\n  fix: make -f %s regenerate\n' "$BULK_MAKEFILE" "$first" "$BULK_MAKEFILE" >&2
    exit 1
}
status=0
# shellcheck disable=SC2086 # PKGNAMEs
BULK_ONLY=$(printf '%s ' $names) sh "$BULK_SCRIPTS/run.sh" build "$@" $names || status=$?
case $status in
0 | 1) dry_run || "$BULK_PKGMKGEN" diff --log "$BULK_LOG" 2>/dev/null || : ;;
esac
exit "$status"
