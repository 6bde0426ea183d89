#!/bin/sh
# shellcheck source-path=SCRIPTDIR/..
# ssh-attempt.sh HOST SCRIPTS PKGNAME LOGDIR OUTDIR SETTINGS SCRIPT ARG... - one try to build a package on HOST over one ssh connection,
# by remote.sh there. SCRIPTS names the scripts by content, SETTINGS are those of HOST. Started by launch/ssh.sh, which sees to
# it that nothing of this outlives it; the far end ends with the connection. Logs come while they are written, the rest at
# the end; packages, distfiles, kit and scripts go over where they are not there yet (rsync compares and verifies).
# Leaves OUTDIR/status (that of SCRIPT), or OUTDIR/trouble (a line: what is wrong with HOST); OUTDIR/started: it got that far.
set -eu
umask 022
: "${BULK_SCRIPTS:?not set: launch/ssh.sh starts this}"
# shellcheck source=lib/save.sh
. "$BULK_SCRIPTS/lib/save.sh"
# shellcheck source=lib/inputs.sh
. "$BULK_SCRIPTS/lib/inputs.sh"
host=$1 scripts=$2 pkgname=$3 logdir=$4 outdir=$5 settings=$6
shift 6
pkgpath=$3
trap '' PIPE # who no longer listens is noticed otherwise
cd -- "$outdir"
rm -rf -- ssh
mkdir -- ssh
[ -f closure ] || : >closure
mkfifo ssh/ready ssh/to ssh/from

trouble() {
    printf '%s\n' "$1" >trouble
    exit 1
}
# said: the last line that ssh or the far end said, in brackets.
said() { sed '/^Warning: Permanently added/d' ssh/said | tail -n 1 | cut -c1-300 | sed 's/..*/ (&)/'; }
# shellcheck disable=SC2086 # a command with its options
remote() { $BULK_SSH -S ssh/control -T -oBatchMode=yes -- "$host" "$@" 2>>ssh/said; }
copy() { rsync --timeout=60 -e "$BULK_SSH -S ssh/control -T -oBatchMode=yes" "$@" 2>>ssh/said; }

# What differs on HOST, as BULK_*: its settings, and places for what is sent.
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

: >ssh/said
# shellcheck disable=SC2086
$BULK_SSH -MN -S ssh/control -T -n -oBatchMode=yes -oConnectTimeout=10 -oServerAliveInterval=10 -oServerAliveCountMax=3 \
    -oPermitLocalCommand=yes -oLocalCommand='echo connected' -- "$host" >ssh/ready 2>>ssh/said &
master=$!
read -r _ <ssh/ready || trouble "ssh cannot connect$(said)"

answer=$(remote exec sh -s <<EOF
umask 022
mkdir -p '$sandboxdir/scripts/$scripts' '$sent' '$sandboxdir/jobs' '$packages/All' '$distdir' || exit
find '$sandboxdir/scripts' '$sent' -mindepth 1 -maxdepth 1 -mtime +30 -exec rm -rf {} +
command -v rsync >/dev/null || { echo 'rsync is missing' >&2; exit 1; }
[ ! -f '$sandboxdir/scripts/$scripts/complete' ] || echo complete
EOF
) || trouble "cannot be prepared$(said)"
[ -n "$answer" ] || copy -rpt --exclude=__pycache__ "$BULK_SCRIPTS/" "$host:$sandboxdir/scripts/$scripts/" || trouble "scripts cannot be sent$(said)"

# send FILE VARIABLE: FILE goes over under a name that tells its content apart, and VARIABLE says where to find it.
send() {
    name=${1##*/}
    # shellcheck disable=SC2012 # size and time, not a name
    send_to=$sent/$(ls -dnL -- "$1" | cksum | cut -d' ' -f1)-$name
    copy -t "$1" "$host:$send_to" || trouble "$1 cannot be sent$(said)"
    words="$words $2=$send_to"
}
if [ -z "$shared" ]; then
    sed "s|\$|$BULK_PKG_SUFX|" closure >ssh/packages
    copy -t --files-from=ssh/packages "$BULK_PACKAGES/All/" "$host:$packages/All/" || trouble "packages cannot be sent$(said)"
    distinfo_names "$BULK_PKGSRCDIR/$pkgpath" | while IFS= read -r name; do
        [ ! -f "$BULK_DISTDIR/$name" ] || printf '%s\n' "$name"
    done >ssh/distfiles
    copy -t --files-from=ssh/distfiles "$BULK_DISTDIR/" "$host:$distdir/" || trouble "distfiles cannot be sent$(said)"
    [ ! -f "$kit" ] || send "$kit" BULK_KIT
    [ ! -f "$base" ] || send "$base" BULK_BASE
    [ ! -f "$BULK_MAKECONF" ] || send "$BULK_MAKECONF" BULK_MAKECONF
fi
# shellcheck disable=SC2086 # the words have no blanks
awk -f "$BULK_SCRIPTS/lib/job.awk" $words "job_pkgname=$pkgname" "job_pkgpath=$pkgpath" "job_shared=$shared" "job_outdir=$outdir" \
    "job_logdir=$logdir" "job_tree=$(inputs_tree "$BULK_PKGSRCDIR/$pkgpath")" "job_closure=$(cat closure && echo x)" -- "$@" >ssh/job

remote "cd '$sandboxdir/scripts/$scripts' && : >complete && touch . && exec sh remote.sh" <ssh/to >ssh/from &
exec 7>ssh/to 6<ssh/from
cat ssh/job >&7
while sleep 10; do echo beat >&7; done &
beats=$!
status='' follower=''

# follow DIR: brings the logs as they grow; a host that does not let itself be read for a minute has failed.
follow() {
    misses=0
    while sleep 5; do
        if copy -rt --append --no-links "$host:$1/log/" "$logdir/"; then misses=0; else misses=$((misses + 1)); fi
        [ "$misses" -lt 12 ] || kill "$master"
    done
}
dir=
while read -r word rest <&6; do
    case $word in
    started)
        : >started
        dir=$rest
        [ -n "$shared" ] || { follow "$dir" & follower=$!; }
        ;;
    status) status=$rest; break ;;
    trouble) trouble "${rest:-failed without a word}" ;;
    esac
done
[ -z "$follower" ] || { kill "$follower" 2>/dev/null; wait "$follower" 2>/dev/null; } || :
[ -n "$status" ] || trouble "the connection was lost${dir:+ in the middle of a build}$(said)"
[ "$status" != 75 ] || trouble "no sandbox could be made$(said)"
if [ -z "$shared" ]; then
    { copy -rt --no-links --exclude=/log --exclude=/out/closure "$host:$dir/" "$outdir/" && copy -rt --no-links "$host:$dir/log/" "$logdir/"; } ||
        trouble "what was built cannot be fetched$(said)"
fi
kill "$beats" 2>/dev/null || :
echo bye >&7
exec 7>&-
while read -r _ <&6; do :; done # until the far end has gone
rm -f -- started
printf '%s\n' "$status" >status
