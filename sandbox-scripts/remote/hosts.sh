# shellcheck shell=sh source-path=SCRIPTDIR/.. disable=SC2030,SC2031,SC2034
# hosts.sh - the hosts of LAUNCH=ssh: their job slots, and which hosts are set aside. A slot is a directory that is locked
# during a build, so that two runs share the slots.
#   SANDBOXDIR/hosts/HOST/N      a slot
#   SANDBOXDIR/hosts/HOST/aside  SECONDS REASON: set aside; it is tried again HOST_RETRY seconds after SECONDS
#   SANDBOXDIR/hosts/HOST/strikes  a line for each package that failed there and was built elsewhere

[ -z "${remote_hosts_sourced:-}" ] || return 0
remote_hosts_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/say.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/settings.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/os.sh"

hosts_dir=$BULK_SANDBOXDIR/hosts

# hosts_prepare FILE: once a run: reads HOSTS into FILE; every host gets a new chance.
hosts_prepare() {
    case $BULK_HOSTS in
    /*) ;;
    *) machine_failure "LAUNCH=ssh needs a hosts file, but HOSTS='$BULK_HOSTS' is not an absolute path" "set HOSTS=/path/to/file; each line of it is HOST JOBS [SPEED] [NAME=VALUE...]" ;;
    esac
    [ -r "$BULK_HOSTS" ] || machine_failure "cannot read the hosts file HOSTS=$BULK_HOSTS" "give the absolute path of a readable file"
    hosts_fault=$(awk -f "$BULK_SCRIPTS/remote/hosts.awk" "$BULK_HOSTS" 2>&1 >"$1.unsorted") || machine_failure "invalid hosts file: $hosts_fault" "correct that line of the hosts file"
    LC_ALL=C sort -n "$1.unsorted" >"$1"
    while read -r _ hosts_name hosts_slot _; do
        mkdir -p -- "$hosts_dir/$hosts_name/$hosts_slot" || machine_failure "cannot create directory $hosts_dir/$hosts_name/$hosts_slot" "check permissions and free space of SANDBOXDIR"
        rm -f -- "$hosts_dir/$hosts_name/aside" "$hosts_dir/$hosts_name/strikes"
    done <"$1"
}

# hosts_take FILE TRIED: waits for a free slot, the best first, and holds it on descriptor 5; sets host and host_settings.
# Takes a host of the words TRIED only if no other works. Returns 1 if all hosts have been set aside for long, by
# hosts_dark, the time since then, which the caller empties before the first call.
hosts_take() {
    while :; do
        hosts_now=$(date +%s)
        hosts_survey "$1" "$2"
        if [ -n "$hosts_working" ]; then
            hosts_dark=
        elif [ $((hosts_now - ${hosts_dark:=$hosts_now})) -ge $((BULK_HOST_RETRY * 5)) ]; then
            return 1
        fi
        while read -r _ host hosts_slot host_settings; do
            hosts_may "$host" "$2" || continue
            if os_try_lock "$hosts_dir/$host/$hosts_slot"; then
                [ ! -f "$hosts_dir/$host/aside" ] || hosts_mark "$host" "$hosts_reason" # so that other builds wait for the result
                return 0
            fi
        done <"$1"
        sleep 1
    done
}
hosts_release() { exec 5<&-; }

# hosts_survey FILE TRIED: sets hosts_working to yes if any host is not set aside, and hosts_fresh if any of these is not in TRIED.
hosts_survey() {
    hosts_working='' hosts_fresh=''
    while read -r _ hosts_name _; do
        [ ! -f "$hosts_dir/$hosts_name/aside" ] || continue
        hosts_working=yes
        case " $2 " in *" $hosts_name "*) ;; *) hosts_fresh=yes ;; esac
    done <"$1"
}

# hosts_may HOST TRIED: may HOST be tried now? Sets hosts_reason if it was set aside.
hosts_may() {
    if read -r hosts_since hosts_reason 2>/dev/null <"$hosts_dir/$1/aside"; then
        [ $((hosts_now - hosts_since)) -ge "$BULK_HOST_RETRY" ]
    else
        case " $2 " in *" $1 "*) [ -z "$hosts_fresh" ] ;; esac
    fi
}

hosts_mark() { printf '%s %s\n' "$(date +%s)" "$2" >"$hosts_dir/$1/aside.$$" && mv -f -- "$hosts_dir/$1/aside.$$" "$hosts_dir/$1/aside"; }

# hosts_aside HOST REASON: sets HOST aside, with one message for all builds. hosts_back HOST: HOST works again.
hosts_aside() {
    [ -f "$hosts_dir/$1/aside" ] || say aside "host $1: $2 (tried again in $BULK_HOST_RETRY s)"
    hosts_mark "$1" "$2"
}
hosts_back() {
    [ -f "$hosts_dir/$1/aside" ] && rm -f -- "$hosts_dir/$1/aside" || return 0
    say back "host $1 works again"
}

# hosts_strike HOST PKGNAME: PKGNAME failed on HOST, maybe because of the machine, and was built elsewhere. After three such
# packages HOST is set aside for the rest of the run.
hosts_strike() {
    say flaky "host $1: $2 failed there and was built elsewhere"
    printf '%s\n' "$2" >>"$hosts_dir/$1/strikes"
    [ "$(wc -l <"$hosts_dir/$1/strikes")" -lt 3 ] || {
        say aside "host $1: not used again in this run: three packages failed there that other hosts built"
        printf '%s %s\n' $(($(date +%s) + 100000000)) "unreliable" >"$hosts_dir/$1/aside"
    }
}

# hosts_state FILE: prints why the hosts are set aside, in one line.
hosts_state() {
    LC_ALL=C sort -u -k2,2 "$1" | while read -r _ hosts_name _; do
        ! read -r _ hosts_reason 2>/dev/null <"$hosts_dir/$hosts_name/aside" || printf '%s: %s; ' "$hosts_name" "$hosts_reason"
    done
}
