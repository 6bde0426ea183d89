#!/bin/sh
# Linux-enter.sh MNT RUNDIR LOGDIR OUTDIR SCRATCHDIR SCRIPT ARG... - first process of a sandbox's namespaces: mounts what
# os_prepare listed and what belongs to this build, makes that the root, drops every sight of the host, runs SCRIPT
# (a name below the scripts directory).
# Exit: SCRIPT's status; 75 when the sandbox could not be set up (the machine failed, not the package).
set -eu
umask 022
PATH=/usr/sbin:/usr/bin:/sbin:/bin
mnt=$1 rundir=$2 logdir=$3 outdir=$4 scratchdir=$5
script=$6
shift 6
fail() { printf 'pkgmkgen: sandbox: %s\n' "$1" >&2; exit 75; }
mount -t tmpfs -o mode=0755 bulk "$mnt" || fail "cannot mount a tmpfs on $mnt"
mkdir "$mnt/upper" "$mnt/work" "$mnt/root"
root=$mnt/root
{
    cat -- "$rundir/fstab"
    case $scratchdir in
    '') printf 'scratch %s tmpfs mode=1777,nosuid,nodev,size=%s 0 0\n' "$root/sandbox/work" "$BULK_SCRATCH_SIZE" ;;
    *) printf '%s %s none bind,nosuid,nodev 0 0\n' "$scratchdir" "$root/sandbox/work" ;;
    esac
    printf '%s %s none bind 0 0\n' "$logdir" "$root/sandbox/log" "$outdir" "$root/sandbox/out"
} >"$mnt/fstab"
mount -a -T "$mnt/fstab" || fail "cannot mount what $rundir/fstab lists (see the lines above)"
# Distfiles: what is fetched lands in the scratch space; build.sh merges it by rename (two packages may fetch one file).
fetched=$root/sandbox/work/.fetched
mkdir -m 700 "$fetched"
mkdir "$fetched/files" "$fetched/work"
mount -t overlay -o "lowerdir=$BULK_DISTDIR,upperdir=$fetched/files,workdir=$fetched/work" \
    distfiles "$root$BULK_DISTDIR" || fail "cannot overlay $BULK_DISTDIR"
if command -v ip >/dev/null 2>&1; then ip link set lo up || :; fi
cd -- "$root"
pivot_root . sandbox/old || fail "cannot make $root the root"
umount -l /sandbox/old || fail "cannot let go of the host's root"
cd /
exec setsid sh "/sandbox/scripts/$script" "$@"
