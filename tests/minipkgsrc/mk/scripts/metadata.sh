#!/bin/sh
# metadata.sh DIR - writes the packing list to DIR/../.PLIST and to DIR the files that describe a package: +COMMENT,
# +DESC, +BUILD_INFO, +BUILD_VERSION, +SIZE_PKG, +SIZE_ALL, and +INSTALL and +DEINSTALL where there is something to do.
# Environment: M_VARIABLE for each variable of the package that is used here.
set -eu
umask 022
mkdir -p -- "$1"
cd -- "$1"

{
    printf '@name %s\n' "$M_PKGNAME"
    [ "$M_META_PACKAGE" = yes ] || awk -v words="$M_SUBST" '
        BEGIN { n = split(words, word, " "); for (i = 1; i <= n; i++) { at = index(word[i], "="); value["${" substr(word[i], 1, at - 1) "}"] = substr(word[i], at + 1) } }
        /^@comment \$NetBSD/ { next }
        { for (name in value) while (at = index($0, name)) $0 = substr($0, 1, at - 1) value[name] substr($0, at + length(name)); print }
    ' "$M_PLIST_SRC"
} >../.PLIST

printf '%s\n' "$M_COMMENT" >+COMMENT
{
    cat -- "$M_DESCR_SRC"
    [ -z "$M_HOMEPAGE" ] || printf '\nHomepage:\n%s\n' "$M_HOMEPAGE"
} >+DESC

{
    printf '%s\n' "BUILD_DATE=$(date '+%Y-%m-%d %H:%M:%S %z')" "BUILD_HOST=$(uname -a)" "CATEGORIES=$M_CATEGORIES"
    [ -z "$M_HOMEPAGE" ] || printf '%s\n' "HOMEPAGE=$M_HOMEPAGE"
    printf '%s\n' "LICENSE=$M_LICENSE" "LOCALBASE=$M_PREFIX" "MACHINE_ARCH=$M_MACHINE_ARCH" "MAINTAINER=$M_MAINTAINER"
    [ -z "$M_MULTI" ] || printf '%s\n' "MULTI=$M_MULTI"
    [ -z "$M_NO_BIN_ON_FTP" ] || printf '%s\n' "NO_BIN_ON_FTP=$M_NO_BIN_ON_FTP"
    printf '%s\n' OBJECT_FMT=ELF "OPSYS=$M_OPSYS" "OS_VERSION=$M_OS_VERSION" "PKGPATH=$M_PKGPATH" PKGTOOLS_VERSION=20091115
    [ -z "$M_PKG_OPTIONS" ] || printf '%s\n' "PKG_OPTIONS=$M_PKG_OPTIONS"
    [ -z "$M_RESTRICTED" ] || printf '%s\n' "RESTRICTED=$M_RESTRICTED"
    printf '%s\n' "_USE_DESTDIR=$M__USE_DESTDIR"
} >+BUILD_INFO

# Every file that the package is made from, with its RCS id, else its checksum.
set --
for file in "$M_PKGDIR"/* "$M_FILESDIR"/* "$M_PKGDIR"/patches/*; do
    case $file in *.orig | *.rej | *~) continue ;; esac
    [ ! -f "$file" ] || set -- "$@" "$file"
done
# shellcheck disable=SC2086 # a command with its options
$M_SHA256_CMD "$@" | awk -v top="$M_PKGSRCDIR/" '
    FILENAME == "-" { name = $0; sub(/^[^ ]* [ *]/, "", name); id[name] = $1; next }
    match($0, /\$NetBSD:[^$]*\$/) && !(FILENAME in rcs) { rcs[FILENAME]; id[FILENAME] = substr($0, RSTART, RLENGTH) }
    END { for (name in id) { short = name; if (index(short, top) == 1) short = substr(short, length(top) + 1); printf "%s:\t%s\n", short, id[name] } }
' - "$@" | LC_ALL=C sort >+BUILD_VERSION

set --
while IFS= read -r file; do
    case $file in @*) ;; *) set -- "$@" "$M_DESTDIR$M_PREFIX/$file" ;; esac
done <../.PLIST
size=0
# shellcheck disable=SC2012 # sizes, not names
[ $# -eq 0 ] || size=$(ls -ldn -- "$@" 2>/dev/null | awk '{ size += $5 } END { print size + 0 }')
echo "$size" >+SIZE_PKG
for pattern in $M_DEPENDS; do
    size=$((size + $($M_PKG_INFO -qs "$pattern")))
done
echo "$size" >+SIZE_ALL

# script NAME STAGE BODY: a script run as NAME PKGNAME STAGE by pkg_add or pkg_delete; the package's own part is last.
script() {
    # shellcheck disable=SC2016 # for the script to expand
    printf '#!/bin/sh\nset -eu\nPKGNAME=$1 STAGE=$2 PKG_PREFIX=${PKG_PREFIX:-%s}\n%s\n' "$M_PREFIX" "$2"
    [ ! -f "$M_PKGDIR/$1" ] || cat -- "$M_PKGDIR/$1"
}
install=
[ -z "$M_GROUPS$M_USERS" ] || install="[ \"\$STAGE\" != PRE-INSTALL ] || sh -s -- '$M_GROUPS' '$M_USERS' <<'=END='
$(cat -- "$M_PKGSRCDIR/mk/pkginstall/usergroup.sh")
=END="
# shellcheck disable=SC2086
set -- $M_SPECIAL_PERMS
while [ $# -ge 4 ]; do
    install="$install
[ \"\$STAGE\" != POST-INSTALL ] || { chown '$2:$3' '$1' && chmod '$4' '$1'; }"
    shift 4
done
if [ -n "$install" ] || [ -f "$M_PKGDIR/INSTALL" ]; then script INSTALL "$install" >+INSTALL; fi
[ ! -f "$M_PKGDIR/DEINSTALL" ] || script DEINSTALL '' >+DEINSTALL
