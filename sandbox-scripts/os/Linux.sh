# shellcheck shell=sh source-path=SCRIPTDIR/..
# os/Linux.sh - the OS contract on the host's side, for Linux: private namespaces, so the kernel removes a sandbox
# with its last process. Needs root (or what Linux-user.sh says), util-linux 2.34 or newer (unshare, setpriv, flock, pivot_root),
# coreutils 8.31 or newer (env --default-signal), overlayfs.
# Contract: os_check os_leash os_nap os_supervise os_contain os_process_id os_process_alive os_machine os_seconds os_lock os_try_lock os_janitor os_afterwards os_sha256 os_prepare
# os_sandbox os_wait os_kill os_kill_child os_relay os_mkdir os_roomy os_look os_rm os_stranger os_tar_known os_stackable os_settle; in os/Linux-limits.sh os_limit os_limit_set os_limit_facts os_unlimit
# os_limits_room os_limits_prepare os_sweep os_memory_kb. os_prepare is in os/Linux-prepare.sh, os_caller in os/Linux-user.sh.

[ -z "${os_Linux_sourced:-}" ] || return 0
os_Linux_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/say.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/settings.sh"
# shellcheck source=os/Linux-user.sh
. "$BULK_SCRIPTS/os/Linux-user.sh"
# shellcheck source=os/Linux-limits.sh
. "$BULK_SCRIPTS/os/Linux-limits.sh"
# shellcheck source=os/Linux-prepare.sh
. "$BULK_SCRIPTS/os/Linux-prepare.sh"
: "${os_fstab=}" "${os_ids=}" "${os_guard=}" "${os_enter=}" # set by the file that run_prepare sources

# os_check: halts the run if this machine cannot make sandboxes, and names the missing parts.
os_check() {
    ! os_in_user_namespace || os_user_check
    for check_tool in unshare setpriv flock nsenter mount tar; do
        command -v "$check_tool" >/dev/null 2>&1 ||
            machine_failure "command not found: $check_tool" "install it (Debian: util-linux mount tar)"
    done
    check_why=$(sh "$BULK_SCRIPTS/os/Linux-may.sh" 2>&1) || machine_failure "root cannot create the namespaces of a sandbox here: $check_why" \
        "if this is a container, give it the right (docker or podman run --privileged; or --cap-add SYS_ADMIN --security-opt seccomp=unconfined --security-opt apparmor=unconfined); if it is a chroot, mount it on itself before you enter it (mount --bind DIR DIR); or build outside it"
    # Later steps are in process namespaces of their own. A container without rights cannot read that of its first process.
    BULK_SPACE=$(readlink /proc/self/ns/pid | tr -cd 0-9)
    [ -n "$BULK_SPACE" ] || machine_failure "cannot read /proc/self/ns/pid" "mount /proc (mount -t proc proc /proc)"
    export BULK_SPACE
}

# os_leash COMMAND...: in a child of this script ($$): becomes COMMAND, which dies with the script, and is not begun if that has ended
# before. os_supervise COMMAND...: becomes COMMAND, as root, which dies with the process that started this script, and starts the script
# again; BULK_PARENT lets it check whether that process had ended before.
os_leash() {
    [ -z "$os_enter" ] || exec "$os_enter" leash $$ "$@"
    # shellcheck disable=SC2016 # expanded by the inner shell
    exec setpriv --pdeathsig KILL -- sh -c '[ "$PPID" = "$0" ] || exit 130; exec "$@"' $$ "$@"
}
# os_nap SECONDS: becomes a sleep that ends with this script.
os_nap() { os_leash sleep "$@"; }
os_supervise() {
    os_am_root || os_user_namespace "$@"
    exec setpriv --pdeathsig KILL -- env BULK_PARENT="$PPID" "$@"
}

# os_contain COMMAND...: becomes COMMAND by os_leash; all processes that it starts die with it.
os_contain() { os_leash unshare --pid --fork --kill-child -- "$@"; }

# os_process_id PID: prints a name for the process that is never used again; os_process_alive NAME: does the process still run?
os_process_id() {
    IFS= read -r id_stat <"/proc/$1/stat" || return 1
    # shellcheck disable=SC2086 # the fields after the command's name are numbers
    set -- "$1" ${id_stat##*\) }
    printf '%s.%s\n' "$1" "${21}"
}
os_process_alive() {
    alive_pid=${1%.*}
    [ "$(os_process_id "${alive_pid##*.}" 2>/dev/null)" = "${alive_pid##*.}.${1##*.}" ]
}

# os_machine: prints a name for the set of processes that this one can see: of the machine, and of the container if there is one.
os_machine() {
    machine_space=$(readlink /proc/self/ns/pid 2>/dev/null | tr -cd 0-9) || :
    printf '%s.%s\n' "$(uname -n)" "${machine_space:-0}"
}

# os_seconds: seconds since some fixed moment, by a monotonic clock.
os_seconds() { read -r seconds_up _ </proc/uptime && printf '%s\n' "${seconds_up%.*}"; }

# os_lock DIR [COMMAND]: hold DIR on descriptor 8 until this process ends; waits for another holder, after COMMAND. 0 at once, 1
# after a wait.
os_lock() {
    exec 8<"$1"
    flock -n 8 8<&8 && return 0 # repeated, since ksh hides its descriptors from children
    ${2:-:}
    flock 8 8<&8
    return 1
}

# os_try_lock DIR: hold DIR on descriptor 5; fails if another process holds it.
os_try_lock() {
    exec 5<"$1"
    flock -n 5 5<&5
}

# os_janitor DIR FILE...: removes the FILEs and the control groups of os_limit when this process has ended, also if it is
# killed. os_lock holds DIR.
os_janitor() {
    janitor_dir=$1
    shift
    # shellcheck disable=SC2086 # control groups have no blanks in their names
    os_afterwards "$janitor_dir" sh "$BULK_SCRIPTS/os/Linux-janitor.sh" $BULK_CGROUPS -- "$@" &
}

# os_afterwards DIR COMMAND...: becomes COMMAND when the process that holds DIR by os_lock has ended, also if it was killed.
os_afterwards() { exec setsid flock "$@" </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8<&- 9<&-; }

# os_mkdir DIR...: makes new directories.
os_mkdir() { if [ -n "${os_enter:-}" ]; then "$os_enter" make "$@"; else mkdir -- "$@"; fi; }

# os_roomy DIR...: has every disk with one of the DIRs room, without doubt? (disk_guard looks more closely.)
os_roomy() { [ -n "${os_enter:-}" ] && "$os_enter" room "$BULK_DISK_MIN" "$@"; }

# os_look NAP LOGDIR OUT COMMAND...: becomes COMMAND by os_leash, whose standard input has a line of facts about the directories and the disks
# in use every NAP seconds (Linux-enter-look.h); without such lines host/watch.sh finds the facts itself.
os_look() {
    look_nap=$1 look_log=$2 look_out=$3
    shift 3
    os_leash "$os_enter" look "$look_nap" "$BULK_DISK_MIN" "$look_log" "$look_out" "$BULK_LOG" "$BULK_PACKAGES" "$BULK_DISTDIR" "$BULK_SANDBOXDIR" -- "$@"
}

# os_rm FILE...: removes files and directories, never across a mount.
os_rm() { rm -rf --one-file-system -- "$@"; }

# os_stranger COMMAND...: becomes COMMAND without rights, to read untrusted data.
os_stranger() { setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all -- "$@"; }
# shellcheck disable=SC2034 # for package_fault: tar stops at the first member of a name
os_tar_first=--occurrence=1
os_tar_known() { :; }

os_sha256() (
    line=$(sha256sum -- "$1") || exit 1
    printf '%s\n' "${line%% *}"
)

# os_sandbox BUILDDIR LOGDIR SCRATCHDIR SCRIPT ARG...: starts SCRIPT as root in a fresh sandbox, with the standard input of
# this process, and its descriptor 9 as standard error; SCRATCHDIR is empty for a tmpfs. BUILDDIR/out and LOGDIR can be written inside. Sets os_child; os_wait
# returns the status of SCRIPT when all processes of the sandbox have ended, os_kill ends it.
os_sandbox() {
    sandbox_dir=$1 sandbox_root=$os_mnt/root
    {
        _os_root
        case $3 in
        '') printf 'scratch %s tmpfs mode=1777,nosuid,nodev,X-own,size=%s 0 0\n' "$sandbox_root/sandbox/work" "$BULK_SCRATCH_SIZE" ;;
        *) printf '%s %s none bind,nosuid,nodev,X-own 0 0\n' "$3" "$sandbox_root/sandbox/work" ;;
        esac
        printf '%s %s none bind,nosuid,nodev,X-own,X-reclaim 0 0\n' "$2" "$sandbox_root/sandbox/log" "$1/out" "$sandbox_root/sandbox/out"
        [ ! -d "$1/pool" ] || printf '%s %s none bind,ro,nosuid,nodev 0 0\n' "$1/pool" "$sandbox_root/sandbox/pool"
        [ ! -d "$1/built" ] || printf '%s %s none bind,ro 0 0\n' "$1/built" "$sandbox_root/sandbox/built"
    } >"$sandbox_dir/fstab" || machine_failure "cannot write $sandbox_dir/fstab" "check permissions and free space of that directory"
    shift 3
    export BULK_BUILDER=$$ BULK_IDS="$os_ids" BULK_GUARD="$os_guard"
    set -- "$os_enter" "$os_mnt" "$sandbox_dir/fstab" "$@"
    { # a command in the background has no standard input unless it is given one under another number
        "$@" <&6 6<&- 8<&- 2>&9 9>&- &
    } 6<&0
    os_child=$!
}

# _os_root: prints the mounts that all sandboxes have; the root with the layers of os_stack (each with a colon behind it) on those of kit
# and base, and with the files that the sandbox writes in os_upper, if that is set, for os_settle.
_os_root() {
    root_rest=${os_fstab#*"
"}
    printf '%s\n' "${os_fstab%%"
"*}"
    root_layers=${root_rest%%" overlay X-mount.mkdir"*}
    printf '%s overlay X-mount.mkdir%s%s' "${os_stack:-}$root_layers" "${os_upper:+,X-upper=$os_upper}" "${root_rest#"$root_layers overlay X-mount.mkdir"}"
}

# os_stackable: can sandboxes here have layers of dependencies (host/stack.sh)? os_settle DIR: makes one of what a sandbox wrote to
# DIR/upper: without its own files in places that each sandbox has for itself, and with the ids of the host.
os_stackable() { ! os_in_user_namespace; }
os_settle() {
    os_rm "$1/upper/sandbox" "$1/upper/dev" "$1/upper/tmp" "$1/upper/var/tmp" "$1/work" "$1/out" "$1/log" && "$os_enter" settle "$1/upper"
}

# os_relay DIR ADDRESS=HOST:PORT...: port 3632 at the ADDRESSes of the sandbox in os_child leads to HOST:PORT until the
# process os_relaying, or this one, ends; messages in DIR/relay.log.
os_relay() {
    relay_log=$1/relay.log
    shift
    os_leash unshare --mount --propagation private --pid --fork --kill-child -- \
        sh "$BULK_SCRIPTS/os/Linux-relay.sh" "$os_child" "$os_mnt" "$@" </dev/null >/dev/null 2>"$relay_log" 8<&- &
    # shellcheck disable=SC2034 # for the caller
    os_relaying=$!
}

# os_wait: waits for the process that os_sandbox started; returns its status.
os_wait() { wait "$os_child"; }

# os_kill_child: ends the sandbox that os_child started. os_kill: the same, and returns when its last process is gone.
os_kill_child() {
    if read -r kill_init <"/proc/$os_child/task/$os_child/children" && [ -n "$kill_init" ]; then
        kill -KILL "${kill_init%% *}"
    else
        kill -KILL "$os_child"
    fi 2>/dev/null
}
os_kill() {
    [ -n "${os_child:-}" ] || return 0
    os_kill_child
    wait "$os_child" 2>/dev/null || :
}
