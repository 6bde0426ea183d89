# shellcheck shell=sh source-path=SCRIPTDIR/..
# os/Linux.sh - the OS contract on the host's side, for Linux: private namespaces, so the kernel itself takes a sandbox
# away with its last process. Needs root, util-linux 2.34 or newer (unshare, setpriv, flock, pivot_root), overlayfs.
# Contract: os_check os_leash os_supervise os_process_id os_process_alive os_lock os_janitor os_sha256 os_prepare
# os_sandbox os_kill. os_prepare is in os/Linux-prepare.sh.

# shellcheck source=os/Linux-prepare.sh
. "$BULK_SCRIPTS/os/Linux-prepare.sh"

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
    flock -n 8 8<&8 && return 0 # said again, since ksh hides its descriptors from children
    flock 8 8<&8
    return 1
}

# os_janitor DIR FILE...: FILEs are removed when this process has ended, however it ends. DIR is what os_lock holds. The
# last processes of a sandbox may still write there while the kernel ends them, hence more than one try.
os_janitor() {
    janitor_dir=$1
    shift
    # shellcheck disable=SC2016 # expanded by the inner shell
    setsid flock "$janitor_dir" sh -c 'for try in 1 2 3 4 5 6 7 8 9; do
        rm -rf --one-file-system -- "$@" && exit; sleep 0.1; done' janitor "$@" \
        </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8<&- 9<&- &
}

os_sha256() (
    line=$(sha256sum -- "$1") || exit 1
    printf '%s\n' "${line%% *}"
)

# os_sandbox RUNDIR LOGDIR OUTDIR SCRATCHDIR SCRIPT ARG...: runs SCRIPT as root in a fresh sandbox and returns its status;
# SCRATCHDIR is empty for a tmpfs. Nothing of the sandbox is left when it returns. Sets os_child so that os_kill can end it.
os_sandbox() {
    setpriv --pdeathsig KILL unshare --mount --pid --ipc --uts --net --fork --kill-child --propagation private -- \
        sh "$BULK_SCRIPTS/os/Linux-enter.sh" "$os_mnt" "$@" </dev/null 8<&- 9</proc/self/ns/net &
    os_child=$!
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
