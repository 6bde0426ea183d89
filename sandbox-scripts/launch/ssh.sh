# shellcheck shell=sh source-path=SCRIPTDIR/.. disable=SC2030,SC2031
# launch/ssh.sh - LAUNCH=ssh: packages are built on the hosts of the file HOSTS, each with its own sandboxes. A host
# that fails is set aside, and the package is tried on another. Contract: launch/local.sh.

[ -z "${launch_ssh_sourced:-}" ] || return 0
launch_ssh_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/say.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/settings.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/os.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/run.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/result.sh"
# shellcheck source=remote/hosts.sh
. "$BULK_SCRIPTS/remote/hosts.sh"
: "${run_launch=}" "${outdir=}" "${pkgname=}" "${launch_scripts=}" "${logdir=}" # set by build_begin and run_prepare

launch_prepare() {
    for launch_tool in ssh rsync; do
        command -v "$launch_tool" >/dev/null 2>&1 || machine_failure "command not found: $launch_tool" "install it on this machine and on the hosts"
    done
    hosts_prepare "$1/slots"
    (cd -- "$BULK_SCRIPTS" && find . -name __pycache__ -prune -o -type f -exec cksum -- {} + | LC_ALL=C sort -k3) >"$1/scripts"
    printf "launch_scripts='%s'\n" "$(os_sha256 "$1/scripts")" >"$1/ready.new"
    mv -- "$1/ready.new" "$1/ready"
}
launch_open() { :; }
BULK_SSH="${os_caller:+$os_caller }$BULK_SSH"

# launch_run SCRIPT ARG...: on the first host that has a free slot and does not fail. If three hosts fail with a
# package, the package is the cause. A package whose compiler crashes or is killed, or that fills a disk, is tried on a second
# host: if it is built there, the first host is the cause.
launch_run() {
    launch_tried='' launch_lost=0 launch_suspect='' hosts_dark=''
    while :; do
        hosts_take "$run_launch/slots" "$launch_tried" ||
            machine_failure "no host in $BULK_HOSTS works: $(hosts_state "$run_launch/slots")" "repair the hosts; try ssh by hand"
        os_rm "$outdir/status" "$outdir/trouble" "$outdir/verdict" "$outdir/out/distfiles"
        launch_host=$host
        say "on $launch_host" "$pkgname"
        os_contain sh "$BULK_SCRIPTS/remote/ssh-attempt.sh" "$launch_host" "$launch_scripts" "$pkgname" "$logdir" "$outdir" "$host_settings" "$@" 5<&- 8<&- &
        os_child=$!
        wait "$os_child" || :
        os_child=
        hosts_release
        launch_status=
        [ ! -s "$outdir/status" ] || read -r launch_status <"$outdir/status"
        case ${launch_status:-75} in
        0)
            [ -z "$launch_suspect" ] || hosts_strike "$launch_suspect" "$pkgname"
            return 0
            ;;
        75) launch_trouble || return 1 ;;
        *) launch_doubt || return "$launch_status" ;;
        esac
        launch_tried="$launch_tried $launch_host"
    done
}

# launch_trouble: host failed. Returns 1 if pkgname is the cause.
launch_trouble() {
    disk_guard # or was it this machine?
    launch_reason=$(sed -n 1p "$outdir/trouble" 2>/dev/null)
    hosts_aside "$launch_host" "${launch_reason:-the build of $pkgname ended without a status}"
    [ -f "$outdir/started" ] || return 0
    rm -f -- "$outdir/started"
    launch_lost=$((launch_lost + 1))
    [ "$launch_lost" -ge 3 ] || return 0
    printf 'took %s hosts with it:%s %s\n' "$launch_lost" "$launch_tried" "$launch_host" >"$outdir/verdict"
    return 1
}

# launch_doubt: may a bad machine be the cause of the failure of pkgname, and is there another host to try?
launch_doubt() {
    rm -f -- "$outdir/started"
    [ -z "$launch_suspect" ] || return 1
    hosts_survey "$run_launch/slots" "$launch_tried $launch_host"
    [ -n "$hosts_fresh" ] || return 1
    launch_reason=''
    read -r launch_reason 2>/dev/null <"$outdir/verdict" || : # blanks, if the watch did not end it
    case $launch_reason in '' | 'disk full') ;; *) return 1 ;; esac
    if grep -qs '_FULL_KB=' "$outdir/limits"; then
        launch_reason='disk full'
    elif [ -z "$launch_reason" ]; then
        launch_log=$logdir/$(sed -n 's/^\([a-z-]*\)$/\1/p' "$outdir/out/phase" 2>/dev/null).log
        launch_reason=$(reason_of "$launch_log")
    fi
    case $launch_status:$launch_reason in
    137:* | *:crash* | *:'disk full'*) ;;
    *) return 1 ;;
    esac
    launch_suspect=$launch_host
    say doubtful "$pkgname failed on $launch_host (${launch_reason:-killed}): trying another host"
}
