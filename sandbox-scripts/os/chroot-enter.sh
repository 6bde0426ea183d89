#!/bin/sh
# shellcheck source-path=SCRIPTDIR/..
# chroot-enter.sh DIR/ SCRIPT ARG... - mounts what DIR/plan lists below DIR/root, journal first, and runs SCRIPT (a name below
# the scripts directory) there. On request of SCRIPT, ends all other processes of the sandbox. The process that
# waits for this one, or a later one, removes the mounts (chroot_unwind).
# Exit: SCRIPT's status (2, the package failed, becomes 3 if its work directory is full, 4 if its root is); 75 when the sandbox could not be set up (the machine failed, not the package); 130 when the builder has ended.
set -eu
umask 022
: "${BULK_SCRIPTS:?not set: os_sandbox starts this}"
# shellcheck source=host/say.sh
. "$BULK_SCRIPTS/host/say.sh"
# shellcheck source=host/os.sh
. "$BULK_SCRIPTS/host/os.sh"
# shellcheck source=os/chroot-unwind.sh
. "$BULK_SCRIPTS/os/chroot-unwind.sh"
dir=${1%/} script=$2
set -- "$@" # by DIR/ this process is found (chroot_entries), and NetBSD's sh shifts the very words that ps shows
shift 2
root=$dir/root
# When the builder ends, processes with this name are searched for: from here on, either that search finds this process, or the
# check here sees that the builder has ended.
[ "$PPID" = "$BULK_BUILDER" ] || exit 130
fail() { printf 'pkgmkgen: sandbox: %s\n' "$1" >&2; exit 75; }
# NetBSD's usual soft limit of 128 open files is too low for many builds.
# shellcheck disable=SC3045 # in every shell that runs this
case $(ulimit -n) in unlimited | ????*) ;; *) ulimit -S -n 1024 2>/dev/null || ulimit -S -n "$(ulimit -H -n)" ;; esac
mkdir -- "$root" || fail "cannot make $root"
mkfifo -- "$dir/ask" "$dir/answer" || fail "cannot make pipes in $dir"
while read -r word what where kb mode; do
    target=$root${where%/}
    case $word in
    copy) (tar -cf - -C "$what" . || : >"$dir/failed") | tar -xpf - -C "$root" && [ ! -e "$dir/failed" ] ;;
    ro | rw) chroot_push "$dir" "$target" && os_bind "$word" "$what" "$target" ;;
    fs) chroot_push "$dir" "$target" && os_mount "$what" "$target" "$kb" "$mode" ;;
    *) false ;;
    esac || fail "cannot $word $what at $target"
done <"$dir/plan"
{
    # A shell of its own opens the pipes: NetBSD's sh starts a simple command by vfork, and waits until its files are open.
    {
        exec 7>"$dir/ask" 8<"$dir/answer" <&6 6<&-
        export PATH="${os_path:-/usr/sbin:/usr/bin:/sbin:/bin}"
        exec chroot "$root" sh "/sandbox/scripts/$script" "$@" 7>&7 8<&8 # ksh closes them for other programs otherwise
    } &
} 6<&0
first=$!
trap '' PIPE
exec 7<"$dir/ask" 8>"$dir/answer" </dev/null
while read -r _ <&7; do
    chroot_kill_rooted "$root" "$first" || :
    printf '\n' >&8 2>/dev/null || break
done
status=0
wait "$first" || status=$?
case ${BULK_TTY:-}$status in # a package cannot report a full file system
2 | 3 | 4) status=$(df -kP "$root/sandbox/work" "$root" | awk 'NR > 1 && $(NF - 2) < 64 && !full { full = NR + 1 } END { print full ? full : 2 }') ;;
esac
exit "$status"
