# shellcheck shell=sh source-path=SCRIPTDIR/..
# os/chroot-prepare.sh - once a run: makes the files that all its sandboxes share, for systems where a sandbox is a directory with mounts.
# The plan of a sandbox has rows
#   copy DIR                  the content of DIR is copied into the root
#   ro FROM PATH, rw FROM PATH  FROM is seen at PATH
#   fs KIND PATH KB MODE      a file system of KIND at PATH; a tmpfs has a size and a mode

[ -z "${os_chroot_prepare_sourced:-}" ] || return 0
os_chroot_prepare_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/say.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/settings.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/skel.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/layers.sh"
: "${os_tables=}" "${base=}" # set by os/SYSTEM.sh and skel_layers

# os_prepare DIR: makes in DIR `skel`, with mount points, devices and /etc, and `plan`. Its last act is to create DIR/ready,
# which sets chroot_plan when it is sourced.
os_prepare() (
    dir=$1
    skel=$dir/skel
    mkdir -p -- "$BULK_SANDBOXDIR/roots" "$dir"
    rm -rf -- "$skel"
    umask 022
    mkdir -- "$skel"
    skel_layers
    exec 7>"$dir/mounts"
    for table in $os_tables; do
        while read -r kind path value minor; do
            case $kind in
            '' | '#'*) ;;
            system) _os_system "$base" "$skel" "$path" ;;
            host) _os_system '' "$skel" "$path" ;;
            file) [ ! -f "$base$path" ] || { mkdir -p -- "$skel${path%/*}" && cp -p -- "$base$path" "$skel$path"; } ;;
            dir) mkdir -p -- "$skel$path" && chmod "$value" "$skel$path" ;;
            like) skel_like "$base$path" "$skel$path" "$value" ;;
            node) mknod "$skel$path" c "$value" "$minor" && chmod 666 "$skel$path" ;;
            device) [ ! -e "/dev/$path" ] || (cd /dev && tar -cf - "$path") | (cd -- "$skel/dev" && tar -xpf -) ;;
            link) ln -s -- "$value" "$skel$path" ;;
            mount) mkdir -p -- "$skel$path" && printf 'fs %s %s %s %s\n' "$value" "$path" 65536 1777 >&7 ;;
            *) machine_failure "mounts/$table.txt: unknown row '$kind $path'" "use system, host, file, dir, like, node, device, link or mount" ;;
            esac || exit
        done <"$BULK_SCRIPTS/mounts/$table.txt"
    done
    _os_etc "$base/etc" "$skel/etc" || exit
    skel_places "$base" "$skel"
    mkdir -p -- "$skel/sandbox/distfiles"
    if [ -n "$BULK_CCACHE_DIR" ]; then
        printf 'rw %s /sandbox/ccache\n' "$BULK_CCACHE_DIR/builds" >&7
    fi
    printf 'ro %s %s\n' "$BULK_SCRIPTS" /sandbox/scripts "$BULK_PKGSRCDIR" "$BULK_PKGSRCDIR" "$BULK_PACKAGES" "$BULK_PACKAGES" \
        "$BULK_DISTDIR" /sandbox/distfiles >&7
    exec 7>&-
    { printf 'copy %s\n' "$skel" ${kit:+"$kit"} && cat -- "$dir/mounts"; } >"$dir/plan"
    printf "chroot_plan='%s'\n" "$dir/plan" >"$dir/ready.new"
    mv -- "$dir/ready.new" "$dir/ready"
)

# _os_system BASE SKEL PATH: PATH of the base (of the host if BASE is empty), read-only, a link as a link; on descriptor 7.
_os_system() {
    if [ -h "$1$3" ]; then
        mkdir -p -- "$2${3%/*}" && ln -s -- "$(readlink "$1$3")" "$2$3"
    elif [ -d "$1$3" ]; then
        mkdir -p -- "$2$3" && printf 'ro %s %s\n' "$1$3" "$3" >&7
    fi
}

# _os_etc FROM TO: copies the files of FROM that any user may read (no password hashes, no keys), then adds the build
# user.
_os_etc() (
    [ -d "$1" ] || machine_failure "the base system (BASE) has no directory $1" "set BASE to a directory or archive with a complete root file system, or BASE=host"
    cp -Rp "$1/." "$2/." 2>/dev/null || :
    cd -- "$2" || exit
    find . ! -type l ! -perm -004 ! -name . -prune -exec rm -rf -- {} +
    rm -f -- shadow gshadow mtab master.passwd pwd.db spwd.db
    skel_users
    os_users "$PWD"
)
