#!/bin/sh
# shellcheck source-path=SCRIPTDIR
# publish.sh - copies the repository to PUBLISH, a directory here or HOST:DIRECTORY, by rsync into a new directory beside
# it, and then changes the symbolic link PUBLISH to it in one rename: users of the repository see the old one or the new one,
# never a mixture. Packages that have not changed are linked, not copied.
# Called by `make publish`. Exit: 0 done; 1 it cannot be published there; 75 the machine failed.
set -eu
umask 022
: "${BULK_SCRIPTS:?not set: use make -f bulk.mk publish PUBLISH=DIRECTORY}"
# shellcheck source=host/host.sh
. "$BULK_SCRIPTS/host/host.sh"
# shellcheck source=host/cause.sh
. "$BULK_SCRIPTS/host/cause.sh"

fail() { printf 'pkgmkgen: publish: %s\n  fix: %s\n' "$1" "$2" >&2; exit 1; }
host='' dir=$BULK_PUBLISH
case $BULK_PUBLISH in *:*) host=${BULK_PUBLISH%%:*} dir=${BULK_PUBLISH#*:} ;; esac
case $dir in
/*[!/]) ;;
*) fail "PUBLISH=$BULK_PUBLISH is not an absolute directory" "use make -f bulk.mk publish PUBLISH=/srv/packages, or HOST:/srv/packages" ;;
esac
case $BULK_PUBLISH in *[!A-Za-z0-9@:/._+-]* | -*) fail "PUBLISH=$BULK_PUBLISH has a character that ssh or sh misreads" "use letters, digits and @:/._+-" ;; esac
by_rsync=
if command -v rsync >/dev/null 2>&1; then by_rsync=yes; fi
[ -z "$host" ] || [ -n "$by_rsync" ] || fail "command not found: rsync" "install it on both machines (it is a package: net/rsync)"

# there COMMAND: runs a line of sh where the repository goes. New files must be readable for
# the users who install.
there() { if [ -n "$host" ]; then ssh -- "$host" "umask 022; $1" </dev/null; else sh -c "$1" </dev/null; fi; }

sh "$BULK_SCRIPTS/repository.sh"
state=$BULK_PACKAGES/.summary/state
grep -q '^publish ' "$state" || fail "no package may be published (see $state)" "build packages first: make -f $BULK_MAKEFILE"
missing=$(awk -v required="$BULK_REQUIRED" -f "$BULK_SCRIPTS/repository/pattern.awk" -f "$BULK_SCRIPTS/repository/required.awk" "$state") ||
    fail "cannot read the file REQUIRED=$BULK_REQUIRED" "use REQUIRED=all, or a file with one dependency pattern per line"
[ -z "$missing" ] || {
    printf '%s\n' "$missing" >&2
    missing=${missing%%"
"*}
    fail "the packages are incomplete: ${missing#  }; $BULK_PUBLISH is unchanged" \
        "finish the build (make -f $BULK_MAKEFILE), or set REQUIRED to a file with the patterns of the packages that must be there"
}
name=${dir##*/} parent=${dir%/*}
new=.$name.$(date -u +%Y%m%dT%H%M%SZ).$$
there "mkdir -p -- '$parent/' && cd -- '$parent/' && { [ -h '$name' ] || [ ! -e '$name' ]; } && mkdir -p -- '$new/All'" ||
    fail "$BULK_PUBLISH is an existing directory, or cannot be created" "use a name that does not exist: it becomes a symbolic link to the newest copy"
# bring: copies the packages that standard input names into the new directory; on this machine also without rsync (base systems of BSD
# have none), and then compares whole files.
bring() {
    if [ -n "$by_rsync" ]; then
        rsync -a --chmod=Du=rwx,Dgo=rx,Fu=rw,Fgo=r --files-from=- ${linked:+"$linked"} "$BULK_PACKAGES/All/" "${host:+$host:}$parent/$new/All/"
        return
    fi
    while IFS= read -r file; do
        bring_to=$parent/$new/All/$file
        { [ -n "$linked" ] && cmp -s -- "$BULK_PACKAGES/All/$file" "$parent/$name/All/$file" && ln -- "$parent/$name/All/$file" "$bring_to"; } ||
            { cp -p -- "$BULK_PACKAGES/All/$file" "$bring_to" && chmod 644 "$bring_to"; } || return
    done
}
linked='' said=$BULK_PACKAGES/.summary/publish.said
there "[ -d '$parent/$name/All/' ]" && linked=--link-dest=../../$name/All/
{
    sed -n "s/^publish \\(.*\\)/\\1$BULK_PKG_SUFX/p" "$state"
    cd -- "$BULK_PACKAGES/All"
    for file in pkg_summary.* SHA256*; do [ ! -f "$file" ] || printf '%s\n' "$file"; done
} | bring 2>"$said" || {
    there "rm -rf -- '$parent/$new'"
    cause "$said"
    fail "the packages cannot be copied: $cause_what" "repair the cause and publish again; the published copy is unchanged"
}
# A new link is renamed over the old one: mv -T with GNU, mv -h on BSD; NetBSD 7 has neither, so that the old one is removed first.
there "{ sync -f '$parent/$new' 2>/dev/null || sync; } && cd -- '$parent/' && old=\$(readlink '$name' || :) && ln -s '$new' '$new.link' &&
    { mv -fT '$new.link' '$name' 2>/dev/null || mv -fh '$new.link' '$name' 2>/dev/null ||
        { rm -f '$name' && mv -f '$new.link' '$name'; }; } &&
    for copy in .'$name'.2*; do case \$copy in '$new' | \"\$old\") ;; *) rm -rf -- \"./\$copy\" ;; esac; done" ||
    fail "the new copy $parent/$new cannot replace $BULK_PUBLISH" "check the permissions of the directory above it"
say published "$BULK_PUBLISH/All"
