# shellcheck shell=sh source-path=SCRIPTDIR/.. disable=SC2030,SC2031,SC2034
# os/Linux-prepare.sh - once a run: makes the files that all its sandboxes on Linux share.

[ -z "${os_Linux_prepare_sourced:-}" ] || return 0
os_Linux_prepare_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/say.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/settings.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/skel.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/layers.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/pool.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/os/Linux-user.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/os/Linux-limits.sh"
: "${base=}" "${kit=}" # set by skel_layers

# All sandboxes mount their root at this empty directory: each has its own mount namespace.
os_mnt=$BULK_SANDBOXDIR/mnt

# os_prepare DIR: once a run, makes in DIR the files that all sandboxes share: `skel`, the layer with mount points, device nodes
# and /etc; `fstab`, the mounts. Its last act is to create DIR/ready, which sets os_fstab (those mounts), os_cgroups, os_enter,
# os_guard, os_ids and os_pool when it is sourced.
os_prepare() (
    dir=$1
    skel=$dir/skel
    mkdir -p -- "$os_mnt" "$dir"
    rm -rf -- "$skel"
    umask 022
    mkdir -- "$skel"
    os_overlay='' os_unpack=''
    if os_in_user_namespace; then # users cannot make devices
        os_overlay=yes os_unpack='--anchored --exclude=dev/* --exclude=./dev/*'
    fi
    skel_layers
    [ -z "$os_overlay" ] || [ -z "$kit" ] || [ -z "$(find "$kit$BULK_PREFIX" -prune -user 65534)" ] || # owned by a user outside the namespace
        machine_failure "the directory BOOTSTRAP_KIT=$BULK_KIT belongs to another user, which does not work without root" "set BOOTSTRAP_KIT to the archive, or to a copy of the directory that you own"
    kit_tools "$kit" "$base"
    exec 7>"$dir/fstab"
    # Files that a sandbox writes to its root are in its own file system.
    printf 'bulk %s tmpfs X-mount.mkdir,nosuid,nodev,mode=0755,size=%s 0 0\n' "$os_mnt" "$BULK_ROOT_SIZE" >&7
    printf '%s %s overlay X-mount.mkdir%s 0 0\n' "${kit:+$kit:}$skel${base:+:$base}" "$os_mnt/root" "${os_overlay:+,userxattr}" >&7
    printf '%s %s none bind,ro 0 0\n' "$os_mnt/upper" "$os_mnt/root/sandbox/upper" >&7
    while read -r kind path value minor; do
        case $kind in
        '' | '#'*) ;;
        system) _os_system "$base" "$skel" "$path" ;;
        dir) mkdir -p -- "$skel$path"; chmod -- "$value" "$skel$path" ;;
        like) skel_like "$base$path" "$skel$path" "$value" ;;
        node) _os_node "$skel" "$path" "$value" "$minor" ;;
        link) ln -s -- "$value" "$skel$path" ;;
        *) machine_failure "mounts/Linux.txt: unknown row '$kind $path'" "use system, dir, like, node or link" ;;
        esac || exit
    done <"$BULK_SCRIPTS/mounts/Linux.txt"
    _os_etc "$base/etc" "$skel/etc" || exit
    skel_places "$base" "$skel"
    if [ -n "$BULK_CCACHE_DIR" ]; then
        printf '%s %s none bind,nosuid,nodev 0 0\n' "$BULK_CCACHE_DIR/builds" "$os_mnt/root/sandbox/ccache" >&7
    fi
    printf '%s %s none bind,ro 0 0\n' "$BULK_SCRIPTS" "$os_mnt/root/sandbox/scripts" >&7
    _os_proc "$os_mnt/root/proc" >&7
    printf 'devpts %s devpts newinstance,ptmxmode=0666,mode=620,max=256,nosuid,noexec 0 0\n' "$os_mnt/root/dev/pts" >&7
    printf 'shm %s tmpfs mode=1777,nosuid,nodev,X-own,size=%s 0 0\n' "$os_mnt/root/dev/shm" "$BULK_SCRATCH_SIZE" >&7
    for tree in "$BULK_PKGSRCDIR" "$BULK_PACKAGES" "$BULK_DISTDIR"; do
        printf '%s %s none bind,ro 0 0\n' "$tree" "$os_mnt/root$tree" >&7
    done
    exec 7>&-
    enter=$(_os_program "$base" enter)
    [ -n "$enter" ] || machine_failure "no working C compiler: cc fails on this machine and in BASE" "install one (Debian: gcc libc6-dev)"
    ids=$(_os_ids "$enter" "$dir")
    pool=
    ! pool_wanted || pool=$(_os_program "$base" pool)
    printf "os_fstab='%s\n'\nos_cgroups='%s'\nos_enter='%s'\nos_ids='%s'\nos_guard='%s'\nos_pool='%s'\n" "$(cat -- "$dir/fstab")" "$(os_limits_prepare)" "$enter" "$ids" "$(os_limits_guard)" "$pool" >"$dir/ready.new"
    mv -- "$dir/ready.new" "$dir/ready"
)

# _os_program BASE NAME: prints the path of the program os/Linux-NAME.c (enter makes sandboxes, pool is the pool of jobs), compiled once, by
# cc or the cc of BASE; nothing if neither works.
_os_program() {
    cat "$BULK_SCRIPTS/os/Linux-$2"*.[ch] >"$BULK_SANDBOXDIR/$2.all" && program_sum=$(os_sha256 "$BULK_SANDBOXDIR/$2.all") || return 0
    rm -f -- "$BULK_SANDBOXDIR/$2.all"
    program=$BULK_SANDBOXDIR/$2-$(uname -m)-$program_sum
    if ! _os_program_runs; then
        {
            cc -O2 -static -o "$program.new" "$BULK_SCRIPTS/os/Linux-$2.c" || _os_program_in "$1" "$2" >"$program.new"
        } 2>/dev/null && chmod 755 "$program.new" && mv -- "$program.new" "$program"
        _os_program_runs || return 0
    fi
    printf '%s\n' "$program"
}

# _os_program_in BASE NAME: prints the program, compiled by the compiler of BASE, with a temporary /tmp.
_os_program_in() {
    # shellcheck disable=SC2016 # expanded by the inner shell
    [ -n "$1" ] && unshare --mount --propagation private -- sh -euc 'mount -t tmpfs program "$0/tmp" && cp -- "$1/os/Linux-$2"*.[ch] "$0/tmp"
        chroot "$0" /usr/bin/env -i PATH=/usr/bin:/bin cc -O2 -static -o /tmp/program "/tmp/Linux-$2.c" >&2 && cat -- "$0/tmp/program"' "$1" "$BULK_SCRIPTS" "$2"
}

# _os_ids ENTER DIR: prints first and number of the ids for all sandboxes, from /etc/subuid or else unused ones; nothing
# for the ids of the user namespace of the caller, or if a test shows that a sandbox with its own ids cannot be made.
_os_ids() {
    [ -z "$os_overlay" ] || return 0
    ids_first=$(awk -F: '$1 == "root" && $3 >= 65536 { print $2, $3; exit }' /etc/subuid 2>/dev/null)
    : "${ids_first:=1342177280 268435456}"
    # shellcheck disable=SC2016 # expanded by the inner shell
    if ids_said=$(BULK_IDS=$ids_first BULK_CGROUPS='' sh -c 'BULK_BUILDER=$$ "$0" "$1" "$2" -; exit' "$1" "$os_mnt" "$2/fstab" 2>&1); then
        printf '%s\n' "$ids_first"
    else
        printf 'pkgmkgen: root of a sandbox is root of this machine, with less rights, since it cannot have ids of its own: %s\n' "${ids_said##*sandbox: }" >&2
    fi
}
_os_program_runs() {
    program_status=0
    "$program" 2>/dev/null || program_status=$?
    [ "$program_status" -eq 64 ]
}

# _os_node SKEL PATH MAJOR MINOR: makes a device in SKEL; in a user namespace, where that is impossible, binds that of the machine.
_os_node() {
    if [ -z "$os_overlay" ]; then
        mknod -m 666 -- "$1$2" c "$3" "$4"
    else
        : >"$1$2"
        printf '%s %s none bind 0 0\n' "$2" "$os_mnt/root$2" >&7
    fi
}

# _os_proc PROC: prints the mounts for a /proc of the sandbox in which settings of the whole machine are read-only.
_os_proc() {
    printf 'proc %s proc nosuid,nodev,noexec 0 0\n' "$1"
    {
        printf '%s\n' sys bus fs irq
        find /proc -path '/proc/[0-9]*' -prune -o \( -path /proc/sys -o -path /proc/bus -o -path /proc/fs -o -path /proc/irq \) -prune -o \
            -type f -perm /222 -print 2>/dev/null | cut -d / -f 3
    } | LC_ALL=C sort -u | while IFS= read -r proc_knob; do
        [ ! -e "/proc/$proc_knob" ] || printf '%s %s none bind,ro 0 0\n' "$1/$proc_knob" "$1/$proc_knob"
    done
}

# _os_system BASE SKEL PATH: PATH of the base (of the host if BASE is empty), read-only, a link as a link; on descriptor 7.
_os_system() {
    if [ -h "$1$3" ]; then
        [ -n "$1" ] || { mkdir -p -- "$2${3%/*}" && ln -s -- "$(readlink -- "$3")" "$2$3"; }
    elif [ -d "$1$3" ]; then
        mkdir -p -- "$2$3"
        printf '%s %s none bind,ro 0 0\n' "${1:+$os_mnt/root}$3" "$os_mnt/root$3" >&7
    fi
}

# _os_etc FROM TO: copies the files of FROM that any user may read (no password hashes, no keys), then adds the build
# user and a shadow file for useradd.
_os_etc() (
    cd -- "$1" || machine_failure "the base system (BASE) has no directory $1" "set BASE to a directory or archive with a complete root file system (debootstrap makes one), or BASE=host"
    find . -xdev ! -type l ! -perm -004 -prune -o ! -type d -print | tar -cf - --no-recursion -T - 2>/dev/null | (cd -- "$2" && tar -xpf -)
    cd -- "$2" || exit
    rm -f -- shadow gshadow mtab
    ln -s /proc/self/mounts mtab
    skel_users
    sed 's/:.*/:*::/' group >gshadow
    chmod 600 gshadow
)
