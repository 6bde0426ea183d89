# shellcheck shell=sh source-path=SCRIPTDIR/..
# distcc.sh - compile jobs on other machines: DISTCC_HOSTS for one build, and the relays. A sandbox has no network; for
# each distcc host, one port of its loopback interface is forwarded to that host.

[ -z "${distcc_sourced:-}" ] || return 0
distcc_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/say.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/settings.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/os.sh"
: "${os_relaying=}" # set by os_relay

# distcc_settings: sets BULK_DISTCC (the names of the hosts in the sandbox), BULK_DISTCC_SLOTS and distcc_relays
# (ADDRESS=HOST:PORT words) from BULK_DISTCC_HOSTS; all empty without it.
distcc_settings() {
    BULK_DISTCC='' BULK_DISTCC_SLOTS='' distcc_relays=''
    export BULK_DISTCC BULK_DISTCC_SLOTS
    [ -n "$BULK_DISTCC_HOSTS" ] || return 0
    [ "$BULK_LAUNCH" != vm ] ||
        machine_failure "DISTCC_HOSTS cannot be used with LAUNCH=vm: the virtual machine has no network during a build" "unset DISTCC_HOSTS, or use another LAUNCH"
    distcc_read=$(awk -v hosts="$BULK_DISTCC_HOSTS" -f "$BULK_SCRIPTS/host/distcc.awk")
    while read -r distcc_word distcc_value; do
        case $distcc_word in
        error) machine_failure "DISTCC_HOSTS: $distcc_value" "use for example DISTCC_HOSTS='localhost/2 fast1/8 fast2:4000/16,lzo'" ;;
        hosts) BULK_DISTCC=$distcc_value ;;
        slots) BULK_DISTCC_SLOTS=$distcc_value ;;
        relays) distcc_relays=$distcc_value ;;
        esac
    done <<DISTCC
$distcc_read
DISTCC
}

# distcc_check: once a run, halts it if the settings are wrong or a program is missing on this machine.
distcc_check() {
    distcc_settings
    [ -z "$distcc_relays" ] || command -v socat >/dev/null 2>&1 ||
        machine_failure "command not found: socat, which DISTCC_HOSTS needs to reach distccd from a sandbox" "install it (Debian: socat)"
    # Root phases can leave files of root there, even set-user-id ones: other users of this machine must not reach them.
    [ -z "$BULK_CCACHE_DIR" ] || { mkdir -p -- "$BULK_CCACHE_DIR/builds" && chmod 0700 "$BULK_CCACHE_DIR" && chmod 1777 "$BULK_CCACHE_DIR/builds"; } ||
        machine_failure "cannot create directory CCACHE_DIR=$BULK_CCACHE_DIR" "set CCACHE_DIR to a directory that you can write"
}

# distcc_relay DIR: forwards ports of the sandbox in os_child to the hosts, until this process ends or distcc_unrelay is called.
# The sandbox does not see DIR, which gets relay.log. The sandbox waits for the relays before it compiles.
distcc_relay() {
    distcc_relaying=
    [ -n "$distcc_relays" ] || return 0
    # shellcheck disable=SC2086 # words without blanks
    os_relay "$1" $distcc_relays
    distcc_relaying=$os_relaying
}

# distcc_unrelay DIR LOGDIR: ends the relays when the sandbox has ended. Their messages, for example about hosts that do not
# answer, go to LOGDIR/relay.log.
distcc_unrelay() {
    [ -n "$distcc_relaying" ] || return 0
    kill -KILL "$distcc_relaying" 2>/dev/null || :
    wait "$distcc_relaying" 2>/dev/null || :
    [ -s "$1/relay.log" ] || return 0
    os_rm "$2/relay.log"
    mv -f -- "$1/relay.log" "$2/relay.log"
}
