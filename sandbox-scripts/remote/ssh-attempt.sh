#!/bin/sh
# shellcheck source-path=SCRIPTDIR/..
# remote/ssh-attempt.sh HOST SCRIPTS PKGNAME LOGDIR OUTDIR SETTINGS SCRIPT ARG... - one try to build a package on HOST over one ssh connection,
# by remote/remote.sh there. SCRIPTS names the scripts by content, SETTINGS are those of HOST. Started by launch/ssh.sh, which ends all
# processes of this when it ends; the far end ends with the connection. Logs come while they are written, the rest at
# the end; packages, distfiles, kit and scripts are sent if they are missing there (rsync compares and verifies).
# Leaves in OUTDIR the files of talk.sh.
set -eu
umask 022
: "${BULK_SCRIPTS:?not set: launch/ssh.sh starts this}"
# shellcheck source=host/say.sh
. "$BULK_SCRIPTS/host/say.sh"
# shellcheck source=remote/hosts.sh
. "$BULK_SCRIPTS/remote/hosts.sh"
# shellcheck source=host/save.sh
. "$BULK_SCRIPTS/host/save.sh"
# shellcheck source=host/inputs.sh
. "$BULK_SCRIPTS/host/inputs.sh"
# shellcheck source=remote/talk.sh
. "$BULK_SCRIPTS/remote/talk.sh"
host=$1 scripts=$2 pkgname=$3 logdir=$4 outdir=$5 settings=$6
shift 6
pkgpath=$3
talk_open "$outdir"
# shellcheck disable=SC2086 # a command with its options
remote() { $BULK_SSH -S attempt/control -T -oBatchMode=yes -- "$host" "$@" 2>>attempt/said; }
copy() { rsync --timeout=60 -e "$BULK_SSH -S attempt/control -T -oBatchMode=yes" "$@" 2>>attempt/said; }

# The variables BULK_* that differ on HOST: its settings, and the directories for the sent files.
sandboxdir=$BULK_SANDBOXDIR packages=$BULK_PACKAGES distdir=$BULK_DISTDIR kit=$BULK_KIT base=$BULK_BASE shared='' words=''
for word in $settings; do
    case $word in
    SANDBOXDIR=*) sandboxdir=${word#*=} ;;
    PACKAGES=*) packages=${word#*=} ;;
    DISTDIR=*) distdir=${word#*=} ;;
    BOOTSTRAP_KIT=*) kit='' word=KIT=${word#*=} ;;
    BASE=*) base='' ;;
    SHARED=yes) shared=yes; continue ;;
    SHARED=*) continue ;;
    esac
    words="$words BULK_$word"
done
sent=$sandboxdir/sent

{ # a shell of its own opens the pipe (see chroot-enter.sh)
    exec >attempt/ready 2>>attempt/said
    # shellcheck disable=SC2086 # a command with its options
    exec $BULK_SSH -MN -S attempt/control -T -n -oBatchMode=yes -oConnectTimeout=10 -oServerAliveInterval=10 -oServerAliveCountMax=3 \
        -oPermitLocalCommand=yes -oLocalCommand='echo connected' -- "$host"
} &
master=$!
read -r _ <attempt/ready || trouble "ssh cannot connect$(said)"

answer=$(remote exec sh -s <<EOF
umask 022
mkdir -p '$sandboxdir/scripts/$scripts' '$sent' '$sandboxdir/jobs' '$packages/All' '$distdir' || exit
find '$sandboxdir/scripts' '$sent' -mindepth 1 -maxdepth 1 -mtime +30 -exec rm -rf {} +
command -v rsync >/dev/null || { echo 'rsync is missing' >&2; exit 1; }
ls '$sent'
[ ! -f '$sandboxdir/scripts/$scripts/complete' ] || echo complete
EOF
) || trouble "cannot be prepared$(said)"
answer="
$answer
"
there() {
    case $answer in *"
$1
"*) ;; *) return 1 ;; esac
}
there complete || copy -rpt --exclude=__pycache__ "$BULK_SCRIPTS/" "$host:$sandboxdir/scripts/$scripts/" || trouble "scripts cannot be sent$(said)"

# send FILE VARIABLE: sends FILE under a name that depends on its content, and sets VARIABLE to its path there.
send() {
    send_name=${1##*/}
    # shellcheck disable=SC2012 # size and time, not a name
    send_to=$sent/$(ls -dnL -- "$1" | cksum | cut -d' ' -f1)-$send_name
    there "${send_to##*/}" || copy -t "$1" "$host:$send_to" || trouble "$1 cannot be sent$(said)"
    words="$words $2=$send_to"
}
if [ -z "$shared" ]; then
    sed "s|\$|$BULK_PKG_SUFX|" closure >attempt/packages
    [ ! -s attempt/packages ] || copy -t --files-from=attempt/packages "$BULK_PACKAGES/All/" "$host:$packages/All/" || trouble "packages cannot be sent$(said)"
    distinfo_names "$BULK_PKGSRCDIR/$pkgpath" | while IFS= read -r name; do
        [ ! -f "$BULK_DISTDIR/$name" ] || printf '%s\n' "$name"
    done >attempt/distfiles
    [ ! -s attempt/distfiles ] || copy -t --files-from=attempt/distfiles "$BULK_DISTDIR/" "$host:$distdir/" || trouble "distfiles cannot be sent$(said)"
    [ ! -f "$kit" ] || send "$kit" BULK_KIT
    [ ! -f "$base" ] || send "$base" BULK_BASE
    [ ! -f "$BULK_MAKECONF" ] || send "$BULK_MAKECONF" BULK_MAKECONF
fi
talk_job "$words" "$shared" "$pkgname" "$pkgpath" "$logdir" "$@"

# talk_started DIR: the host works; brings the logs as they grow. A host that cannot be read for a minute has failed.
talk_follower=
talk_started() {
    hosts_back "$host"
    [ -z "$shared" ] || return 0
    {
        talk_misses=0
        while sleep 5; do
            if copy -rt --append --no-links "$host:$1/log/" "$logdir/"; then talk_misses=0; else talk_misses=$((talk_misses + 1)); fi
            [ "$talk_misses" -lt 12 ] || kill "$master"
        done
    } &
    talk_follower=$!
}

# talk_done DIR: fetches the output of the sandbox, and the rest of the logs.
talk_done() {
    [ -z "$shared" ] || return 0
    kill "$talk_follower" 2>/dev/null || :
    { copy -rt --no-links --exclude=/log --exclude=/out/closure "$host:$1/" "$outdir/" && copy -rt --delete --no-links "$host:$1/log/" "$logdir/"; } ||
        trouble "what was built cannot be fetched$(said)"
}
talk remote "cd '$sandboxdir/scripts/$scripts' && : >complete && touch . && exec sh remote/remote.sh"
