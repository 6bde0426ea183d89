#!/bin/sh
# shellcheck source-path=SCRIPTDIR/..
# fetcher.sh NAME PKGPATH -- - inside a sandbox: asks the package with which command it is fetched. /sandbox/out/fetcher gets WORD USING
# COMMAND, with WORD `there`; `missing`; `plain`, an ftp without https; `package`, if a package provides it. Empty if the tree gives no answer.
# A second line names the hosts of its sites; it is empty if one is no host of a network, or if a proxy is set.
set -eu
umask 022
# shellcheck source=inside/common.sh
. /sandbox/scripts/inside/common.sh
os_distrust
# shellcheck disable=SC2016 # make's
fetch_asked=$(cd -- "$BULK_PKGSRCDIR/$pkgpath" && os_as_root env -i "PATH=$path" HOME=/sandbox/work LC_ALL=C MAKECONF=/sandbox/mk.conf \
    "$BULK_BMAKE" -V '${MASTER_SITE_OVERRIDE} ${MASTER_SITES} ${MASTER_SITE_BACKUP}' -V 'proxy ${http_proxy}${https_proxy}${ftp_proxy}' -V '${FETCH_USING}' -V '${_FETCH_CMD.${FETCH_USING}:U${TOOLS_PLATFORM.${FETCH_USING}:U${FETCH_CMD}}}' BATCH=1 </dev/null 2>/dev/null) || exit 0
fetch_sites=${fetch_asked%%"
"*} fetch_asked=${fetch_asked#*"
"}
[ "${fetch_asked%%"
"*}" = 'proxy ' ] || fetch_sites=
fetch_asked=${fetch_asked#*"
"}
fetch_using=${fetch_asked%%"
"*} fetch_command=${fetch_asked#*"
"}
fetch_command=${fetch_command%% *}
[ -n "$fetch_using" ] && [ -n "$fetch_command" ] || exit 0
PATH=$path
fetch_file=$(command -v "$fetch_command") || fetch_file=
fetch_word=there
if [ ! -x "$fetch_file" ]; then
    case $fetch_command in "$BULK_PREFIX"/*) fetch_word=package ;; *) fetch_word=missing ;; esac
else
    case ${fetch_file##*/} in ftp | tnftp) grep -q https "$fetch_file" || fetch_word=plain ;; esac
fi
{
    printf '%s %s %s\n' "$fetch_word" "$fetch_using" "$fetch_command"
    printf '%s\n' "$fetch_sites" | awk '{
        for (i = 1; i <= NF; i++) {
            site = tolower($i)
            if (site !~ /^-?(https?|ftp):\/\/[a-z0-9.-]*[a-z][a-z0-9.-]*[:\/]/ || site ~ /\/\/localhost/) { text = ""; break }
            sub(/^[^\/]*\/\//, "", site)
            sub(/[:\/].*/, "", site)
            if (!seen[site]++) text = text " " site
        }
        print substr(text, 2, 1000)
    }'
} >/sandbox/out/fetcher
