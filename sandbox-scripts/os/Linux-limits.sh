# shellcheck shell=sh source-path=SCRIPTDIR/..
# os/Linux-limits.sh - limits of one build on Linux: control groups, version 2 or 1, whichever has the memory and pids
# controllers; if there are none, resource limits (os/Linux-inside.sh).

[ -z "${os_Linux_limits_sourced:-}" ] || return 0
os_Linux_limits_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/say.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/os/Linux-user.sh"
: "${os_cgroups=}" # set by the file that run_prepare sources
: "${BULK_SPACE=}"  # set by os_check

# os_limits_prepare: once a run, prints the prefixes of the paths of the control groups of its builds: one of version 2, or two of
# version 1; nothing if none can be written. A container may see the groups of other containers, but not their processes: names
# begin with the number of the process namespace (BULK_SPACE, of os_check).
os_limits_prepare() {
    _os_limits_root
    limits_own=$BULK_SPACE.
    if [ -f "$limits_root/cgroup.controllers" ]; then
        _os_limits_below "$limits_root" && mkdir -p -- "$limits_root/pkgmkgen" 2>/dev/null && _os_limits_below "$limits_root/pkgmkgen" &&
            printf '%s\n' "$limits_root/pkgmkgen/$limits_own"
    elif mkdir -p -- "$limits_root/memory/pkgmkgen" "$limits_root/pids/pkgmkgen" 2>/dev/null &&
        [ -w "$limits_root/memory/pkgmkgen" ] && [ -w "$limits_root/pids/pkgmkgen" ] &&
        [ -f "$limits_root/memory/pkgmkgen/memory.limit_in_bytes" ] && [ -f "$limits_root/pids/pkgmkgen/pids.max" ]; then
        printf '%s\n' "$limits_root/memory/pkgmkgen/$limits_own" "$limits_root/pids/pkgmkgen/$limits_own"
    fi
    return 0
}
# _os_limits_root: sets limits_root to the parent of the builds' groups: the root group, or for unprivileged users the current
# group, if systemd has delegated it to the caller (Delegate=yes).
_os_limits_root() {
    limits_root=/sys/fs/cgroup
    os_in_user_namespace || return 0
    while IFS=: read -r root_number _ root_path; do
        [ "$root_number" != 0 ] || limits_root=$limits_root${root_path%/processes}
    done </proc/self/cgroup
    limits_root=${limits_root%/}
}

# os_limits_guard: once a run, prints the control group of version 2 for processes that fetch (os/Linux-enter-network.h) if those of the
# builds are of version 1; nothing if there is none.
os_limits_guard() {
    _os_limits_root
    guard_group=$limits_root/unified/pkgmkgen
    [ -f "$limits_root/cgroup.controllers" ] || ! mkdir -p -- "$guard_group" 2>/dev/null || [ ! -w "$guard_group/cgroup.procs" ] ||
        printf '%s\n' "$guard_group"
}

# os_limits_room: called before os_limits_prepare, when all processes can be seen. Except for the root of all, a group of version 2
# cannot have both processes and child groups with limits: the processes in the root group of a container, or in the group of the
# caller, are moved to a new child group.
os_limits_room() {
    _os_limits_root
    room_root=$limits_root
    [ -f "$room_root/cgroup.type" ] || return 0
    for _ in 1 2 3 4 5; do
        ! _os_limits_below "$room_root" || return 0
        mkdir -p -- "$room_root/processes" 2>/dev/null || return 0
        while read -r room_pid; do # processes may have ended or started meanwhile
            { printf '%s\n' "$room_pid" >"$room_root/processes/cgroup.procs"; } 2>/dev/null || :
        done <"$room_root/cgroup.procs"
    done
}

# _os_limits_below GROUP: lets groups below GROUP, of version 2, have limits.
_os_limits_below() { { printf '+memory +pids\n' >"$1/cgroup.subtree_control"; } 2>/dev/null; }

# os_sweep: removes the control groups of builds that died: in this process namespace at once, in others, which may be gone with
# their container, those that are older than a day. A group that has processes cannot be removed.
os_sweep() {
    _os_limits_root
    for sweep_group in "$limits_root"/pkgmkgen/*@* /sys/fs/cgroup/memory/pkgmkgen/*@* /sys/fs/cgroup/pids/pkgmkgen/*@* /sys/fs/cgroup/unified/pkgmkgen/*@*; do
        [ -w "$sweep_group" ] || continue
        case ${sweep_group##*/} in
        "$BULK_SPACE".*) ! os_process_alive "${sweep_group##*@}" ;;
        *) [ -n "$(find "$sweep_group" -prune -mtime +0)" ] ;;
        esac || continue
        rmdir -- "$sweep_group" 2>/dev/null || : # busy: its last processes are ending, and its janitor waits for them
    done
}

# os_memory_kb: memory of this machine.
os_memory_kb() {
    while read -r memory_word memory_number _; do
        [ "$memory_word" != MemTotal: ] || { printf '%s\n' "$memory_number"; return; }
    done </proc/meminfo
}

# os_limit NAME: sets BULK_CGROUPS to the control groups of a build, empty if there are none. They are directories; the
# caller makes them before os_limit_set MEMORY_KB PROCESSES sets their limits.
os_limit() {
    BULK_CGROUPS=
    for limit_parent in $os_cgroups; do BULK_CGROUPS="$BULK_CGROUPS $limit_parent$1"; done
    export BULK_CGROUPS
}
os_limit_set() {
    for limit_group in $BULK_CGROUPS; do
        {
            if [ -f "$limit_group/memory.max" ]; then
                printf '%sK\n' "$1" >"$limit_group/memory.max"
                [ ! -f "$limit_group/memory.swap.max" ] || printf '0\n' >"$limit_group/memory.swap.max"
            elif [ -f "$limit_group/memory.limit_in_bytes" ]; then
                printf '%sK\n' "$1" >"$limit_group/memory.limit_in_bytes"
            fi
            [ ! -f "$limit_group/pids.max" ] || printf '%s\n' "$2" >"$limit_group/pids.max"
        } || machine_failure "cannot set the limits of control group $limit_group" "check the values of MEMORY_MAX and PROCESSES_MAX"
    done
}

# os_limit_facts: prints KEY=VALUE lines about the build in BULK_CGROUPS: MEMORY_BYTES, its peak; OOM_KILLS; FORKS_DENIED.
os_limit_facts() {
    for facts_group in $BULK_CGROUPS; do
        for facts_file in memory.peak memory.max_usage_in_bytes; do
            [ ! -r "$facts_group/$facts_file" ] || { read -r facts_bytes <"$facts_group/$facts_file" && printf 'MEMORY_BYTES=%s\n' "$facts_bytes"; }
        done
        for facts_file in memory.events memory.oom_control pids.events; do
            [ -r "$facts_group/$facts_file" ] || continue
            while read -r facts_word facts_number; do
                case $facts_file:$facts_word:$facts_number in
                *:0) ;;
                memory.*:oom_kill:*) printf 'OOM_KILLS=%s\n' "$facts_number" ;;
                pids.*:max:*) printf 'FORKS_DENIED=%s\n' "$facts_number" ;;
                esac
            done <"$facts_group/$facts_file"
        done
    done
}

# os_unlimit DIR...: removes the control groups, whose processes have ended, and the DIRs. A group can be busy for a moment
# after its last process. _os_remove DIR...: does it with one program; in a control group, only directories can be removed. `find`
# removes trees that are nested too deeply for that program.
os_unlimit() {
    # shellcheck disable=SC2086 # control groups have no blanks in their names
    _os_remove $BULK_CGROUPS "$@" 2>/dev/null || { sleep 0.1; _os_remove $BULK_CGROUPS "$@"; } || :
}
_os_remove() {
    for remove_dir; do
        shift
        [ ! -d "$remove_dir" ] || set -- "$@" "$remove_dir"
    done
    [ $# -eq 0 ] || "${os_enter:-false}" remove "$@" || find "$@" -xdev -depth \( -type d -o ! -path '/sys/*' \) -delete
}
