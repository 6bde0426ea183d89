# shellcheck shell=sh source-path=SCRIPTDIR/..
# os/chroot.sh - the OS contract on the host's side for systems without namespaces: each build has a directory of its own,
# SANDBOXDIR/roots/build@PROCESS, whose root is entered by chroot. Mounts below it are written to a journal, so that a later process
# can remove them. The network is that of the host, and there is no protection from root.
# It is sourced first by os/SYSTEM.sh, which adds the functions and variables that differ:
#   os_tables               the tables in mounts/ for this system
#   os_tools                the required commands
#   os_bind MODE FROM TO    FROM is seen at TO, MODE ro or rw
#   os_mount KIND TO KB MODE  a file system of a KIND of the table; tmpfs has a size and a mode. A plain directory if the
#                           system has none
#   os_umount [-f] DIR
#   os_rooted ROOT          prints the processes whose root is ROOT, one in a line
#   os_born PID             prints the start time, in letters and digits; fails if the process has ended (or is a zombie)
#   os_users ETC            makes the files that the system reads beside passwd from ETC/passwd
#   os_rm FILE...           removes files and directories, never across a mount
#   os_sha256 os_memory_kb
#   os_check_more           halts the run if something else is missing, if the system gives it

[ -z "${os_chroot_sourced:-}" ] || return 0
os_chroot_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/say.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/settings.sh"
# shellcheck source=os/chroot-lock.sh
. "$BULK_SCRIPTS/os/chroot-lock.sh"
# shellcheck source=os/chroot-unwind.sh
. "$BULK_SCRIPTS/os/chroot-unwind.sh"
# shellcheck source=os/chroot-prepare.sh
. "$BULK_SCRIPTS/os/chroot-prepare.sh"
# Mount points are told by their physical paths.
if [ -d "${BULK_SANDBOXDIR:-}" ]; then
    BULK_SANDBOXDIR=$(cd -P -- "$BULK_SANDBOXDIR" && pwd -P)
    export BULK_SANDBOXDIR
fi
: "${os_name=}" "${os_tools=}" "${chroot_plan=}" # set by os/SYSTEM.sh or the file that run_prepare sources

# shellcheck disable=SC2034 # of the OS contract
os_caller=''

os_check_more() { :; }
os_check() {
    [ "$(id -u)" -eq 0 ] || machine_failure "sandboxes need root (this is $(id -un))" "run make as root, e.g. with sudo"
    for check_tool in chroot mount umount tar mkfifo ps $os_tools; do
        command -v "$check_tool" >/dev/null 2>&1 || machine_failure "command not found: $check_tool" "install it"
    done
    command -v sha256sum >/dev/null 2>&1 || command -v openssl >/dev/null 2>&1 || machine_failure "command not found: openssl (or sha256sum)" "install it"
    os_check_more
    [ -z "$BULK_DISTCC_HOSTS" ] || machine_failure "DISTCC_HOSTS needs network namespaces, which $BULK_OS does not have" \
        "unset DISTCC_HOSTS and set it in mk.conf instead: sandboxes on this system can reach the network"
}

# A process gets no signal when its parent dies: a loop checks every second (chroot-leash.sh).
os_leash() { exec sh "$BULK_SCRIPTS/os/chroot-leash.sh" $$ "$@"; }
os_supervise() { exec sh "$BULK_SCRIPTS/os/chroot-leash.sh" "$PPID" env BULK_PARENT="$PPID" "$@"; }
os_contain() { os_leash "$@"; }

# chroot_born PID: os_born by ps. With the headers of the columns: NetBSD's ps cuts a column without one to the width of the usual one.
chroot_born() {
    born=$(LC_ALL=C TZ=UTC0 ps -o stat -o lstart -p "$1" 2>/dev/null | sed -n 2p)
    case $born in '' | Z*) return 1 ;; esac # a zombie does not run
    printf '%s\n' "${born#* }" | tr -cd 'A-Za-z0-9\n'
}

# chroot_seen PID: is the process there, as far as the shell can tell without another program? Each fifth call says no, so that the
# caller asks ps: the process may have ended and nobody has waited for it, or its number may be used again.
chroot_seen() {
    seen_times=$((${seen_times:-0} % 5 + 1))
    [ "$seen_times" -ne 5 ] && kill -0 "$1" 2>/dev/null
}

os_process_id() {
    id_born=$(os_born "$1") && [ -n "$id_born" ] && printf '%s.%s\n' "$1" "$id_born"
}
os_process_alive() {
    alive_pid=${1%.*}
    [ -n "$1" ] && [ "$(os_born "${alive_pid##*.}" 2>/dev/null)" = "${1##*.}" ]
}

# shellcheck disable=SC2034 # a look of the watch costs ten processes
os_watch_nap=4

# os_nap SECONDS: becomes a sleep, which may last that long after the process that started this one.
os_nap() { exec sleep "$@"; }

os_machine() { uname -n; }

# sh cannot read a monotonic clock here.
os_seconds() { date +%s; }

os_janitor() {
    shift
    os_named $$
    sh "$BULK_SCRIPTS/os/chroot-janitor.sh" "$os_name" "$@" </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
}
os_afterwards() {
    shift
    os_named $$
    exec sh "$BULK_SCRIPTS/os/chroot-janitor.sh" -- "$os_name" "$@" </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
}

# shellcheck disable=SC2034
os_tar_first=
os_tar_known() { :; }
os_stranger() { "$@"; }
os_mkdir() { mkdir -- "$@"; }
os_roomy() { return 1; }
os_stackable() { return 1; }
os_settle() { return 1; }
os_look() {
    shift 3
    os_leash "$@" </dev/null
}
os_limits_room() { :; }
os_limit() { export BULK_CGROUPS=; }
os_limit_set() { :; }
os_limit_facts() { :; }
os_unlimit() { os_rm "$@"; }
os_relay() { machine_failure "DISTCC_HOSTS does not work on $BULK_OS" "unset DISTCC_HOSTS"; }

# os_sweep: removes the remains of dead builds.
os_sweep() {
    for sweep_root in "$BULK_SANDBOXDIR"/roots/*@*; do
        [ ! -d "$sweep_root" ] || os_process_alive "${sweep_root##*@}" || chroot_end "$sweep_root" "a killed build left"
    done
}

# chroot_end ROOT WHOSE: removes a sandbox, or halts the run.
chroot_end() {
    end_status=0
    chroot_unwind "$1" || end_status=$?
    case $end_status in
    0) ;;
    2) machine_failure "a process still used the sandbox that $2 at $1, and was not found: its file systems were unmounted by force" \
        "look for processes of $BULK_BUILD_USER that belong to no build (ps -u $BULK_BUILD_USER) and kill them" ;;
    *) machine_failure "cannot unmount the sandbox that $2 at $1" "find the processes that use it (fuser -m), umount it, then: rm -r $1" ;;
    esac
}

# chroot_in_kb: converts bytes on standard input to kB. (A shell may count in 32 bits.)
chroot_in_kb() { awk '{ printf "%.0f\n", $1 / 1024 }'; }

# chroot_kb SIZE: converts a size with a unit, or in bytes, to kB.
chroot_kb() {
    # shellcheck disable=SC2017 # a shell may count in 32 bits
    case $1 in
    *k) printf '%s\n' "${1%k}" ;;
    *m) printf '%s\n' "$((${1%m} * 1024))" ;;
    *g) printf '%s\n' "$((${1%g} * 1024 * 1024))" ;;
    *%) printf '%s\n' "$(($(os_memory_kb) / 100 * ${1%\%}))" ;;
    *) printf '%s\n' "$1" | chroot_in_kb ;;
    esac
}

os_sandbox() {
    os_named $$
    BULK_ROOT=$BULK_SANDBOXDIR/roots/build@$os_name
    BULK_BUILDER=$$
    export BULK_ROOT BULK_BUILDER
    {
        mkdir -- "$BULK_ROOT" && {
            printf 'fs tmpfs / %s 0755\n' "$(chroot_kb "$BULK_ROOT_SIZE")"
            cat -- "$chroot_plan"
            case $3 in
            '') printf 'fs tmpfs /sandbox/work %s 1777\n' "$(chroot_kb "$BULK_SCRATCH_SIZE")" ;;
            *) printf 'rw %s /sandbox/work\n' "$3" ;;
            esac
            printf 'rw %s %s\n' "$2" /sandbox/log "$1/out" /sandbox/out
            [ ! -d "$1/built" ] || printf 'ro %s %s\n' "$1/built" /sandbox/built
        } >"$BULK_ROOT/plan"
    } || machine_failure "cannot write $BULK_ROOT/plan" "check permissions and free space of SANDBOXDIR"
    shift 3
    { # a command in the background has no standard input unless it is given one under another number
        sh "$BULK_SCRIPTS/os/chroot-enter.sh" "$BULK_ROOT/" "$@" <&6 6<&- 8<&- 2>&9 9>&- &
    } 6<&0
    os_child=$!
}

os_wait() {
    wait_status=0
    wait "$os_child" || wait_status=$?
    chroot_end "$BULK_ROOT" "this build had"
    return "$wait_status"
}

# The entry is killed; os_wait or the janitor finds its processes by their root.
os_kill_child() { kill -KILL "$os_child" 2>/dev/null; }
os_kill() {
    [ -n "${os_child:-}" ] || return 0
    os_kill_child || :
    os_wait || :
}
