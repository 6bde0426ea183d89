#!/bin/sh
# shellcheck source-path=SCRIPTDIR
# outdated.sh [unknown] - prints the packages of bulk.mk that were built from other inputs, a line each: PKGNAME WHAT,WHAT... (see
# bulkmk/outdated.awk); with `unknown` those whose inputs are not known. With `make`, their files, in one line: bulk.mk calls it so while
# make reads it, with no more settings than are named here. Reads only.
set -eu
umask 022
LC_ALL=C
export LC_ALL
: "${BULK_SCRIPTS:?}" "${BULK_PACKAGES:?}" "${BULK_PKG_SUFX:?}" "${BULK_MAKEFILE:?}"
: "${BULK_PREFIX=}" "${BULK_BASE=host}" "${BULK_KIT=}" "${BULK_MAKECONF=}" "${BULK_TREE_MK=}" "${BULK_INFRASTRUCTURE=warn}"
# shellcheck source=host/identity.sh
. "$BULK_SCRIPTS/host/identity.sh"
mode=${1:-}
index=$BULK_PACKAGES/.inputs/index
[ -d "$BULK_PACKAGES/All" ] || exit 0
[ -f "$index" ] || [ "$mode" = unknown ] || exit 0
[ -f "$index" ] || index=/dev/null
lines=$(identity)
# shellcheck disable=SC2012 # outdated.awk says which words of it count
{ ls -linq -- "$BULK_PACKAGES/All"; grep -e '^#inputs ' -e '^[$](ALL)/' "$BULK_MAKEFILE" || :; } | awk -v suffix="$BULK_PKG_SUFX" -v infrastructure="$BULK_INFRASTRUCTURE" -v mk="${BULK_TREE_MK:--}" \
    -v shared="$(printf '%s\n' "$lines" | identity_sum system)" -v conf="$(printf '%s\n' "$lines" | identity_sum conf)" \
    -v unknown="${mode#make}" -f "$BULK_SCRIPTS/bulkmk/outdated.awk" recorded=1 "$index" recorded='' - |
    if [ "$mode" = make ]; then
        awk -v before="$BULK_PACKAGES/All/" -v after="$BULK_PKG_SUFX" '{ print before $1 after }'
    else
        cat
    fi
