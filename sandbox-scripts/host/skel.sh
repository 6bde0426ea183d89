# shellcheck shell=sh source-path=SCRIPTDIR/.. disable=SC2034,SC2031
# skel.sh - the initial content of a sandbox's root, on every system.

[ -z "${skel_sourced:-}" ] || return 0
skel_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/say.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/settings.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/layers.sh"
# shellcheck source=host/compilers.sh
. "$BULK_SCRIPTS/host/compilers.sh"
# shellcheck source=host/kit.sh
. "$BULK_SCRIPTS/host/kit.sh"
# shellcheck source=host/trees.sh
. "$BULK_SCRIPTS/host/trees.sh"

# skel_layers: sets base (empty for this machine) and kit (empty without one) to their directories, and the trees to their physical paths, which
# builds read from dir/trees.
skel_layers() {
    trees_physical "$dir/trees"
    base='' kit=''
    [ "$BULK_BASE" = host ] || base=$(layer_of base "$BULK_BASE") || exit
    [ -z "$BULK_KIT" ] || kit=$(layer_of kit "$BULK_KIT") || exit
    [ -z "$kit" ] || kit_check "$kit" "$base"
    [ -z "$kit" ] || [ ! -f "$BULK_MAKEFILE" ] || kit_compare "$kit"
}

# skel_places BASE SKEL: MAKECONF, the mount points of the trees, and the wrappers of the compilers of BASE.
skel_places() {
    if [ -n "$BULK_MAKECONF" ]; then
        skel_makeconf "$BULK_MAKECONF" "$2" ||
            machine_failure "cannot copy MAKECONF=$BULK_MAKECONF into the sandbox" "set MAKECONF to the absolute path of a readable file"
    fi
    mkdir -p -- "$2$BULK_PKGSRCDIR" "$2$BULK_PACKAGES" "$2$BULK_DISTDIR" "$2$BULK_PREFIX" "$2$BULK_PKG_DBDIR"
    compilers "$1" "$2/sandbox/compilers"
    [ -z "$BULK_CCACHE_DIR" ] || mkdir -- "$2/sandbox/ccache"
    skel_resolver "$1" "$2/etc"
    trees_link "$2"
}

# skel_resolver BASE ETC: the files for name lookup in ETC, a copy of that of BASE. The network is that of this machine, and so is
# resolv.conf; nsswitch.conf and hosts are those of BASE. For a link (to /run, by systemd-resolved or resolvconf), ETC gets a copy of its target.
skel_resolver() {
    for resolver_name in resolv.conf nsswitch.conf hosts; do
        resolver_file=$1/etc/$resolver_name
        if [ "$resolver_name" = resolv.conf ] && [ -f /etc/resolv.conf ]; then
            resolver_file=/etc/resolv.conf
        elif [ -n "$1" ] && [ -h "$resolver_file" ]; then
            case $(readlink -- "$resolver_file") in /*) resolver_file=$1$(readlink -- "$resolver_file") ;; esac
        fi
        [ "$resolver_name" = resolv.conf ] || [ -h "$2/$resolver_name" ] || continue
        [ -r "$resolver_file" ] || continue
        rm -rf -- "${2:?}/$resolver_name"
        cp -- "$resolver_file" "$2/$resolver_name" && chmod 644 "$2/$resolver_name"
    done
}

# skel_makeconf FILE SKEL: copies FILE and the files that it includes by name to their own paths. If one is missing, make fails
# in the scan, too.
skel_makeconf() {
    mkdir -p -- "$2${1%/*}" && cp -- "$1" "$2$1" || return
    sed -n 's/^\.[[:blank:]]*[ds-]*include[[:blank:]]*["<]\([^">$]*\)[">].*/\1/p' "$1" | while IFS= read -r makeconf_name; do
        case $makeconf_name in /*) ;; *) makeconf_name=${1%/*}/$makeconf_name ;; esac
        case $makeconf_name in *[!A-Za-z0-9/._+-]* | */../* | "$BULK_PKGSRCDIR"/*) continue ;; esac
        [ ! -f "$makeconf_name" ] || [ -e "$2$makeconf_name" ] || skel_makeconf "$makeconf_name" "$2" || return
    done
}

# skel_like FROM TO MODE: TO becomes an empty directory with the owner and mode of FROM, or the link that FROM is.
skel_like() {
    if [ -h "$1" ]; then
        ln -s -- "$(readlink -- "$1")" "$2"
    elif [ -d "$1" ] && [ -z "${os_overlay:-}" ]; then
        mkdir -p -- "$2" && chown --reference="$1" -- "$2" && chmod --reference="$1" -- "$2"
    else
        mkdir -p -- "$2" && chmod -- "$3" "$2"
    fi
}

# skel_users: in the working directory, a copy of /etc, adds the build user, and a shadow file without password hashes for
# useradd.
skel_users() {
    [ -f passwd ] || printf 'root:x:0:0:root:/root:/bin/sh\n' >passwd
    [ -f group ] || printf 'root:x:0:\n' >group
    if ! grep -q "^$BULK_BUILD_USER:" passwd; then
        printf '%s:x:59999:59999:bulk build user:/sandbox/work:/bin/sh\n' "$BULK_BUILD_USER" >>passwd
        printf '%s:x:59999:\n' "$BULK_BUILD_USER" >>group
    fi
    sed 's/:.*/:*:19000:0:99999:7:::/' passwd >shadow
    chmod 600 shadow
}
