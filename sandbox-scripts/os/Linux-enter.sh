#!/bin/sh
# Linux-enter.sh MNT FSTAB SCRIPT ARG... - first process of a sandbox's namespaces: mounts what FSTAB lists, makes MNT/root
# the root, drops every sight of the host, runs SCRIPT (a name below the scripts directory) in a session of its own.
# BULK_CGROUPS are the control groups to enter. As few programs as can be: each costs more than all the mounts.
# Exit: SCRIPT's status; 75 when the sandbox could not be set up (the machine failed, not the package).
set -eu
umask 022
PATH=/usr/sbin:/usr/bin:/sbin:/bin
mnt=$1 fstab=$2 script=$3
shift 3
# The builder may have died before the watch over the process between it and this one began (that process is bound to it
# by now): /proc is the host's here, and tells.
read -r _ _ _ between _ </proc/self/stat
read -r _ _ _ builder _ <"/proc/$between/stat"
[ "$builder" = "$BULK_BUILDER" ] || exit 130
fail() { printf 'pkgmkgen: sandbox: %s\n' "$1" >&2; exit 75; }
for group in $BULK_CGROUPS; do
    procs=$group/tasks # version 1 has this file for single threads: to move a whole process can wait for all processors
    [ -f "$procs" ] || procs=$group/cgroup.procs
    echo 0 >"$procs" || fail "cannot enter the control group $group"
done
mount -acT "$fstab" || fail "cannot mount what $fstab lists (see the lines above)"
ip link set lo up 2>/dev/null || :
cd -- "$mnt/root"
pivot_root . sandbox/old || fail "cannot make $mnt/root the root"
umount -l /sandbox/old || fail "cannot let go of the host's root"
cd /
# What a shell starts in the background ignores ^C; what a package starts must not inherit that.
set -- env --default-signal=INT,QUIT sh "/sandbox/scripts/$script" "$@"
[ -z "${BULK_TTY:-}" ] || exec "$@"
exec setsid "$@"
