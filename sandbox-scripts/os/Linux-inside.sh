# shellcheck shell=sh
# os/Linux-inside.sh - the OS contract on the inside of a sandbox, for Linux.
# Contract: os_as_root os_as_user os_as_root_with_network os_kill_others os_now os_writable
# os_read_only os_changed os_await_relays. Each os_as_ word runs a command with an
# empty capability of harming the machine: no mounting, no device nodes, no kernel modules, no tracing, no clock.

os_caps=-all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,+net_bind_service,+sys_chroot,+setfcap,+sys_nice

# Descriptor 9 is a network namespace that was opened before the sandbox was made: the host's, or in a user namespace, from
# which no way leads back to the host's, the sandbox's own; then this script is in the host's, and sends away what it runs.
os_ids=4294967295
[ ! -r /proc/self/uid_map ] || read -r _ _ os_ids </proc/self/uid_map
if [ "$os_ids" = 4294967295 ]; then
    os_overlay=
    _os_alone() { "$@" 9<&-; }
    _os_connected() { nsenter --net=/proc/self/fd/9 sh -c 'exec 9<&-; exec "$@"' sh "$@"; }
else
    os_overlay=userxattr,
    _os_alone() { nsenter --net=/proc/self/fd/9 "$@"; }
    _os_connected() { "$@" 9<&-; }
fi

os_as_root() { _os_alone setpriv --inh-caps=-all --bounding-set="$os_caps" -- "$@"; }

# No set-user-id program helps the build user to another's rights.
os_as_user() {
    # shellcheck disable=SC2086 # no limit: no word
    _os_alone ${os_rlimits:+prlimit $os_rlimits} setpriv --reuid="$BULK_BUILD_USER" --regid="$(id -g "$BULK_BUILD_USER")" --init-groups --no-new-privs \
        --inh-caps=-all --bounding-set=-all -- "$@"
}

# Nothing but the phase that fetches is in the host's network.
os_as_root_with_network() { _os_connected setpriv --inh-caps=-all --bounding-set="$os_caps" -- "$@"; }

# os_kill_others: ends every process of the sandbox but the calling one, which is its first.
os_kill_others() { kill -KILL -1 2>/dev/null || :; }

# os_now: sets now_seconds, with hundredths, since some fixed moment; without starting a process.
os_now() {
    # shellcheck disable=SC2034 # read by phases.sh
    read -r now_seconds _ </proc/uptime
}

# Where there are no control groups (BULK_CGROUPS is empty), limits are those of single processes and of the build user.
# (A shell may count in 32 bits, hence 1000 for 1024.)
os_rlimits=
[ -n "$BULK_CGROUPS" ] || os_rlimits="--as=${BULK_MEMORY_KB}000 --nproc=$BULK_PROCESSES_MAX --"

# os_writable DIR STORE: what is written to DIR, which is mounted read-only, goes to STORE/files. os_read_only DIR: no more.
os_writable() {
    mkdir -m 700 -- "$2" && mkdir -- "$2/files" "$2/work" &&
        mount -t overlay -o "${os_overlay}lowerdir=$1,upperdir=$2/files,workdir=$2/work" distfiles "$1"
}
os_read_only() { mount -o remount,ro "$1"; }

# os_changed MARK: files of the sandbox's own that are younger than the file MARK, or gone since.
os_changed() { find /sandbox/upper -xdev -cnewer "$1" ! -type d | sed 's|^/sandbox/upper||'; }

# os_await_relays COUNT: waits until that many addresses of the loopback interface have their way out (os_relay); 1 if that
# takes longer than a minute. Nothing else listens yet.
os_await_relays() {
    await_tries=0
    while [ "$await_tries" -lt 1200 ]; do
        await_count=0
        os_as_root cat /proc/net/tcp >/sandbox/tcp
        while read -r _ await_port _ await_state _; do
            case $await_port:$await_state in *:0E30:0A) await_count=$((await_count + 1)) ;; esac
        done </sandbox/tcp
        [ "$await_count" -lt "$1" ] || return 0
        sleep 0.05
        await_tries=$((await_tries + 1))
    done
    return 1
}
