# shellcheck shell=sh
# os/Linux.sh - the OS contract on the host's side, for Linux: private namespaces, so the kernel itself takes a sandbox
# away with its last process. Needs root, util-linux 2.34 or newer (unshare, setpriv, flock, pivot_root), overlayfs.
# Contract: os_check os_leash os_supervise os_process_id os_process_alive
# os_lock os_janitor os_sha256 os_prepare os_sandbox os_kill.

# Every sandbox mounts its root at this same empty directory: each has a mount namespace of its own.
os_mnt=$BULK_SANDBOXDIR/mnt

# os_check: says what this machine lacks for sandboxes.
os_check() {
    [ "$(id -u)" -eq 0 ] || machine_failure "sandboxes need root (this is $(id -un))" "run make as root, e.g. with sudo"
    for check_tool in unshare setpriv flock nsenter pivot_root mount umount tar; do
        command -v "$check_tool" >/dev/null 2>&1 ||
            machine_failure "the command $check_tool is missing" "install it (Debian: util-linux mount tar)"
    done
}

# os_leash COMMAND...: becomes COMMAND, which dies with the process that started this one. os_supervise COMMAND...: the
# same for a script that starts itself anew; BULK_PARENT lets it see whether that process was gone before.
os_leash() { exec setpriv --pdeathsig KILL -- "$@"; }
os_supervise() { os_leash env BULK_PARENT="$PPID" "$@"; }

# os_process_id PID: a name for the process that no later process can have; os_process_alive NAME: does it still run?
os_process_id() {
    IFS= read -r id_stat <"/proc/$1/stat" || return 1
    # shellcheck disable=SC2086 # the fields after the command's name are numbers
    set -- "$1" ${id_stat##*) }
    printf '%s.%s\n' "$1" "${21}"
}
os_process_alive() {
    alive_pid=${1%.*}
    [ "$(os_process_id "${alive_pid##*.}" 2>/dev/null)" = "${alive_pid##*.}.${1##*.}" ]
}

# os_lock DIR: hold DIR on descriptor 8 until this process ends; waits for another holder. 0 at once, 1 after a wait.
os_lock() {
    exec 8<"$1"
    flock -n 8 && return 0
    flock 8
    return 1
}

# os_janitor DIR FILE...: FILEs are removed when this process has ended, however it ends. DIR is what os_lock holds.
os_janitor() {
    janitor_dir=$1
    shift
    setsid flock "$janitor_dir" rm -rf --one-file-system -- "$@" </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8<&- 9<&- &
}

os_sha256() (
    line=$(sha256sum -- "$1") || exit 1
    printf '%s\n' "${line%% *}"
)

# os_prepare DIR: once a run, makes in DIR what all its sandboxes share: `skel`, the layer with mount points, device nodes
# and /etc; `lower`, the stack of layers; `fstab`, the mounts. Its last act is to create DIR/ready.
os_prepare() (
    dir=$1
    skel=$dir/skel
    mkdir -p -- "$os_mnt" "$dir"
    rm -rf -- "$skel"
    umask 022
    mkdir -- "$skel"
    case $BULK_BASE in
    host) base='' etc=/etc ;;
    *) base=$(layer_of base "$BULK_BASE") || exit; etc=$base/etc ;;
    esac
    kit=
    [ -z "$BULK_KIT" ] || kit=$(layer_of kit "$BULK_KIT") || exit
    exec 7>"$dir/fstab"
    printf 'root %s overlay lowerdir=%s,upperdir=%s,workdir=%s 0 0\n' "$os_mnt/root" \
        "${kit:+$kit:}$skel${base:+:$base}" "$os_mnt/upper" "$os_mnt/work" >&7
    while read -r kind path value minor; do
        case $kind in
        '' | '#'*) ;;
        system) _os_system "$base" "$skel" "$path" ;;
        dir) mkdir -p -- "$skel$path"; chmod -- "$value" "$skel$path" ;;
        node) mknod -m 666 -- "$skel$path" c "$value" "$minor" ;;
        link) ln -s -- "$value" "$skel$path" ;;
        *) machine_failure "mounts/Linux.txt: what is '$kind $path'?" "use system, dir, node or link" ;;
        esac || exit
    done <"$BULK_SCRIPTS/mounts/Linux.txt"
    _os_etc "$etc" "$skel/etc" || exit
    if [ -n "$BULK_MAKECONF" ]; then
        mkdir -p -- "$skel${BULK_MAKECONF%/*}"
        cp -- "$BULK_MAKECONF" "$skel$BULK_MAKECONF" ||
            machine_failure "MAKECONF $BULK_MAKECONF cannot be copied into the sandbox" "give the absolute path of a readable file"
    fi
    mkdir -p -- "$skel$BULK_PKGSRCDIR" "$skel$BULK_PACKAGES" "$skel$BULK_DISTDIR" "$skel$BULK_PREFIX" "$skel$BULK_PKG_DBDIR"
    printf '%s %s none bind,ro 0 0\n' "$BULK_SCRIPTS" "$os_mnt/root/bulk/scripts" >&7
    _os_proc "$os_mnt/root/proc" >&7
    printf 'devpts %s devpts newinstance,ptmxmode=0666,mode=620,nosuid,noexec 0 0\n' "$os_mnt/root/dev/pts" >&7
    printf 'shm %s tmpfs mode=1777,nosuid,nodev,size=%s 0 0\n' "$os_mnt/root/dev/shm" "$BULK_SCRATCH_SIZE" >&7
    printf '%s %s none bind,ro 0 0\n' "$BULK_PKGSRCDIR" "$os_mnt/root$BULK_PKGSRCDIR" "$BULK_PACKAGES" "$os_mnt/root$BULK_PACKAGES" >&7
    exec 7>&-
    : >"$dir/ready"
)

# _os_proc PROC: the mounts for a process file system of the sandbox's own whose knobs of the whole machine cannot be turned.
_os_proc() {
    printf 'proc %s proc nosuid,nodev,noexec 0 0\n' "$1"
    for proc_knob in sys bus fs irq sysrq-trigger; do
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

# _os_etc FROM TO: copies what of FROM any user may read (no password hashes, no keys), then sees to it that the build
# user exists and that there is a shadow file for useradd to work on.
_os_etc() (
    cd -- "$1" || machine_failure "the base has no $1" "set BASE to a directory or archive with a Debian-like root, or BASE=host"
    find . -xdev ! -type l ! -perm -004 -prune -o ! -type d -print | tar -cf - --no-recursion -T - 2>/dev/null | (cd -- "$2" && tar -xpf -)
    cd -- "$2" || exit
    rm -f -- shadow gshadow mtab
    ln -s /proc/self/mounts mtab
    [ -f passwd ] || printf 'root:x:0:0:root:/root:/bin/sh\n' >passwd
    [ -f group ] || printf 'root:x:0:\n' >group
    if ! grep -q "^$BULK_BUILD_USER:" passwd; then
        printf '%s:x:59999:59999:bulk build user:/scratch:/bin/sh\n' "$BULK_BUILD_USER" >>passwd
        printf '%s:x:59999:\n' "$BULK_BUILD_USER" >>group
    fi
    sed 's/:.*/:*:19000:0:99999:7:::/' passwd >shadow
    sed 's/:.*/:*::/' group >gshadow
    chmod 600 shadow gshadow
)

# os_sandbox RUNDIR LOGDIR OUTDIR SCRATCHDIR SCRIPT ARG...: runs SCRIPT as root in a fresh sandbox and returns its status;
# SCRATCHDIR is empty for a tmpfs. Nothing of the sandbox is left when it returns. Sets os_child so that os_kill can end it.
os_sandbox() {
    exec 9</proc/self/ns/net
    setpriv --pdeathsig KILL unshare --mount --pid --ipc --uts --net --fork --kill-child --propagation private -- \
        sh "$BULK_SCRIPTS/os/Linux-enter.sh" "$os_mnt" "$@" </dev/null 8<&- &
    os_child=$!
    exec 9<&-
    wait "$os_child"
}

# os_kill: ends the sandbox that os_sandbox waits for; returns when its last process is gone.
os_kill() {
    [ -n "${os_child:-}" ] || return 0
    if read -r kill_init <"/proc/$os_child/task/$os_child/children" && [ -n "$kill_init" ]; then
        kill -KILL "${kill_init%% *}"
    else
        kill -KILL "$os_child"
    fi 2>/dev/null
    wait "$os_child" 2>/dev/null || :
}
