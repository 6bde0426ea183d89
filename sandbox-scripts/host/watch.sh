#!/bin/sh
# shellcheck source-path=SCRIPTDIR/..
# host/watch.sh NAP SANDBOX LOGDIR OUTDIR KEEPER [SCRATCH] - ends a sandbox (the process that os_sandbox started) that takes longer than
# TIMEOUT, writes nothing to its logs for TIMEOUT_SILENT, or more than LOG_MAX to them and to OUTDIR/out, that fills a disk,
# whose client has gone (remote/remote.sh), or whose package cannot be received since the process KEEPER was killed;
# writes the reason to OUTDIR/verdict. Removes OUTDIR/room when a disk in use runs low.
# Both files exist from the beginning, since a full disk takes no new files. Started by sandbox_run, which ends it; dies with it.
# Every NAP seconds it reads a line of facts from standard input (os_look), or finds them itself.
# Time is counted in sleeps, so that time for which the machine sleeps or is overloaded does not count.
set -u
: "${BULK_SCRIPTS:?not set: build.sh starts this}"
# shellcheck source=host/host.sh
. "$BULK_SCRIPTS/host/host.sh"
[ "$PPID" = "$BULK_BUILDER" ] || exit 130 # it died before the watch was bound to it
nap=$1 os_child=$2 logdir=$3 outdir=$4 keeper=$5
seconds=0 silent=0 before=0 heard=0 unheard=0 sleep='' looks=yes

# sentence TEXT: ends the sandbox for the reason TEXT.
sentence() {
    printf '%s\n' "$1" 1<>"$outdir/verdict"
    os_kill_child
    exit 0
}

# look: waits for NAP seconds, then sets look_written (bytes of the logs and of OUTDIR/out), look_megabytes, look_files (names there), and of a disk that is
# nearly full look_kind (`-` if none is), look_before (what was free at the beginning) and look_dir, a directory there.
look() {
    [ -z "$looks" ] || ! read -r look_written look_megabytes look_files look_kind look_before look_dir || return 0
    looks=
    os_nap "$nap" &
    sleep=$!
    wait "$sleep" || exit 0
    # ls follows no link below these directories, in which the sandbox can write.
    # shellcheck disable=SC2012 # sizes, not names
    read -r look_written look_megabytes look_files <<END
$(ls -lnRq -- "$logdir" "$outdir/out" 2>/dev/null | head -n 200001 | awk -v out="$outdir/out" -f "$BULK_SCRIPTS/host/watch.awk")
END
    look_kind=- look_rooms=$(disk_rooms)
    : "${BULK_ROOMS:=$look_rooms}"
    case $look_rooms in
    'low '*)
        read -r _ look_kind _ look_dir <<END
$look_rooms
END
        look_before=$(printf '%s\n' "$BULK_ROOMS" | awk -v kind="$look_kind" -v mount="$look_dir" '
            { sub(/^low /, ""); k = $1; free = $2; sub(/^[^ ]+ [^ ]+ /, ""); if (k == kind && $0 == mount) print free }')
        ;;
    esac
}

# own KIND MOUNT DIR...: usage of the disk at MOUNT by this build, in kB (KIND k) or inodes.
own() {
    own_kind=$1 own_mount=$2 own_sum=0
    shift 2
    for own_dir; do
        [ "$(mount_of "$own_dir")" = "$own_mount" ] || continue
        case $own_kind in
        k) own_one=$(du -skx -- "$own_dir" 2>/dev/null | cut -f1) ;;
        *) own_one=$(find "$own_dir" -xdev 2>/dev/null | head -n 1000000 | wc -l) ;;
        esac
        own_sum=$((own_sum + ${own_one:-0}))
    done
    printf '%s\n' "$own_sum"
}

# mount_of DIR: the mount point of the file system of DIR.
mount_of() { df -kP -- "$1" 2>/dev/null | awk -v min=0 -f "$BULK_SCRIPTS/host/disk.awk" | cut -d' ' -f3-; }

# low: a disk is nearly full. The package is the cause if it uses more than half of the space that was
# free when its build began; else the run is halted, unless space is free again within ten seconds: another build may be the cause.
low() {
    rm -f -- "$outdir/room"
    low_mount=$(mount_of "$look_dir")
    low_own=$(own "$look_kind" "$low_mount" "$logdir" "$outdir" ${scratch:+"$scratch"})
    [ "$low_own" -le $((${look_before:-0} / 2)) ] || case $look_kind in
    k) sentence "filled the disk at $low_mount: $((low_own / 1024)) MB, more than half of what was free (SCRATCH)" ;;
    *) sentence "filled the disk at $low_mount: $low_own files, more than half of the free inodes (SCRATCH)" ;;
    esac
    lows=$((lows + nap))
    [ "$lows" -lt 10 ] || sentence "disk full"
}

# kept: has KEEPER received the package, or is it still there?
kept() {
    [ -z "$keeper" ] || kill -0 "$keeper" 2>/dev/null && return
    for kept_file in "$outdir/built/"*; do [ -e "$kept_file" ] && return; done
    return 1
}

scratch=${6:-} lows=0
trap 'kill "$sleep" 2>/dev/null; exit 0' TERM
while :; do
    look
    kill -0 "$BULK_BUILDER" 2>/dev/null || exit 0 # for systems on which the leash can be killed, too
    seconds=$((seconds + nap)) silent=$((silent + nap))
    [ "$look_written" = "$before" ] || silent=0
    before=$look_written
    [ "$seconds" -lt "$BULK_TIMEOUT" ] || sentence "timed out after $BULK_TIMEOUT s (TIMEOUT)"
    [ "$silent" -lt "$BULK_TIMEOUT_SILENT" ] || sentence "timed out after $BULK_TIMEOUT_SILENT s without output (TIMEOUT_SILENT)"
    [ "$look_megabytes" -lt "$BULK_LOG_MAX" ] || sentence "wrote more than $BULK_LOG_MAX MB of logs (LOG_MAX)"
    if [ -n "${BULK_BEATS:-}" ]; then
        beats=$(wc -c <"$BULK_BEATS")
        unheard=$((unheard + nap))
        [ "$beats" = "$heard" ] || unheard=0
        [ "$unheard" -lt 60 ] || sentence "nobody waits: the machine that schedules has been silent for 60 s"
        heard=$beats
    fi
    kept || { os_kill_child; exit 0; } # its builder reports that KEEPER was killed
    [ "$look_files" -le 200000 ] || sentence "left more than 200000 files"
    case $look_kind in -) lows=0 ;; *) low ;; esac
done
