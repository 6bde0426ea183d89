# shellcheck shell=sh
# os/Linux-inside.sh - the OS contract on the inside of a sandbox, for Linux.
# Contract: os_distrust os_as_root os_as_user os_user_reads os_as_root_with_network os_shell os_kill_others os_now os_writable
# os_read_only os_changed os_await_relays. Processes here have no capability over the machine (Linux-enter-confine.h). The
# first process of the sandbox, at descriptor 9, does the steps that need one.

: "${phase_log=}" # set by inside/common.sh
os_group=$(id -g "$BULK_BUILD_USER")
os_caps=-all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,+net_bind_service,+sys_chroot,+setfcap

# Has one capability less than this script, so commands of a package cannot trace it.
os_as_root() { setpriv --inh-caps=-all --bounding-set="$os_caps" -- "$@" 9<&-; }

# Set-user-id programs have no effect for the build user.
os_as_user() {
    # shellcheck disable=SC2086 # no limit: no word
    ${os_rlimits:+prlimit $os_rlimits} setpriv --reuid="$BULK_BUILD_USER" --regid="$os_group" --init-groups --no-new-privs \
        --inh-caps=-all --bounding-set=-all -- "$@" 9<&-
}

# os_user_reads FILE: can the build user read FILE?
os_user_reads() { os_as_user test -r "$1"; }

# os_ask WORD: sends the request WORD to the first process and returns the status in its answer.
os_ask() {
    echo "$1" >&9 # in mksh, printf is a separate process, and would be killed
    IFS= read -r ask_status <&9 && return "$ask_status"
}

# os_distrust: from here on commands of a package run: they may be the cause of output of this script, or of its status 75.
os_distrust() { os_ask distrust; }

# _os_asked COMMAND...: stores the command that the first process runs here, with the log of the phase.
_os_asked() {
    {
        _os_quote "$PWD"
        printf 'cd %s && exec' "$quote_word"
        for asked_word; do _os_quote "$asked_word"; printf ' %s' "$quote_word"; done
    } >/sandbox/asked
}

# _os_quote WORD: sets quote_word to the WORD quoted for a shell.
_os_quote() {
    quote_left=$1 quote_word=
    while :; do
        case $quote_left in
        *\'*) quote_word="$quote_word${quote_left%%\'*}'\\''" quote_left=${quote_left#*\'} ;;
        *) break ;;
        esac
    done
    quote_word="'$quote_word$quote_left'"
}

# Only the phase that fetches is in the network of the host, and only once.
os_as_root_with_network() {
    _os_asked setpriv --inh-caps=-all --bounding-set="$os_caps" -- "$@"
    _os_quote "$phase_log"
    printf ' >>%s 2>&1\n' "$quote_word" >>/sandbox/asked
    os_ask fetch
}

# os_shell AS COMMAND...: runs an interactive COMMAND at its own terminal; ends the sandbox with its status.
os_shell() {
    shell_as=$1
    shift
    case $shell_as in
    user) _os_asked setpriv --reuid="$BULK_BUILD_USER" --regid="$os_group" --init-groups --no-new-privs --inh-caps=-all --bounding-set=-all -- "$@" ;;
    *) _os_asked setpriv --inh-caps=-all --bounding-set="$os_caps" -- "$@" ;;
    esac
    os_ask shell
}

# os_kill_others: ends all processes of the sandbox except the caller and the first one.
os_kill_others() { os_ask kill; }

# os_now: sets now_seconds, with hundredths, since some fixed moment; without starting a process.
os_now() {
    # shellcheck disable=SC2034 # read by inside/phases.sh
    read -r now_seconds _ </proc/uptime
}

# Without control groups (BULK_CGROUPS is empty), limits apply to single processes and to the build user.
# (A shell may count in 32 bits, hence 1000 for 1024.)
os_rlimits=
[ -n "$BULK_CGROUPS" ] || os_rlimits="--as=${BULK_MEMORY_KB}000 --nproc=$BULK_PROCESSES_MAX --"

# os_writable DIR STORE: lets os_as_root_with_network write to DIR, which is mounted read-only; its files go to STORE/files.
# os_read_only DIR: ends that.
os_writable() { mkdir -m 700 -- "$2" && mkdir -- "$2/files" "$2/work"; }
os_read_only() { :; }

# os_changed MARK FILE: writes to FILE the names of files of the sandbox that are younger than the file MARK, or were removed
# since, each after os_changed_prefix.
# shellcheck disable=SC2034 # read by inside/phases.sh
os_changed_prefix=/sandbox/upper
os_changed() { find /sandbox/upper -xdev -cnewer "$1" ! -type d >"$2"; }

# os_await_relays COUNT: waits until this many addresses of the loopback interface have a relay (os_relay); returns 1 if that
# takes longer than a minute. Nothing else listens yet.
os_await_relays() {
    await_tries=0
    while [ "$await_tries" -lt 1200 ]; do
        await_count=0
        cat /proc/net/tcp >/sandbox/tcp
        while read -r _ await_port _ await_state _; do
            case $await_port:$await_state in *:0E30:0A) await_count=$((await_count + 1)) ;; esac
        done </sandbox/tcp
        [ "$await_count" -lt "$1" ] || return 0
        sleep 0.05
        await_tries=$((await_tries + 1))
    done
    return 1
}
