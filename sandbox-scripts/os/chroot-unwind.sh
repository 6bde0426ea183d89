# shellcheck shell=sh
# os/chroot-unwind.sh - the journal of a sandbox's mounts, and how it is replayed. DIR, the directory of a sandbox, has
#   plan      the mounts to make (rows of chroot-prepare.sh)
#   mounts    the journal: mount points, the newest first, each written before the mount
#   ask, answer  pipes between the sandbox and its entry
#   root      the root
# Needs os_rooted os_umount os_rm of os/SYSTEM.sh.

[ -z "${os_chroot_unwind_sourced:-}" ] || return 0
os_chroot_unwind_sourced=yes
: "${os_ps_wide=}" # set by os/SYSTEM.sh

# chroot_push DIR MOUNT_POINT
chroot_push() {
    { printf '%s\n' "$2" && { [ ! -f "$1/mounts" ] || cat -- "$1/mounts"; }; } >"$1/mounts.new" && mv -f -- "$1/mounts.new" "$1/mounts"
}

# chroot_unwind DIR: ends all processes in the sandbox or working on it, unmounts the mounts in the journal, removes DIR. Can be
# repeated, or run by two processes, in any state of the sandbox. Returns 1 if something remains; then the journal remains, too;
# 2 if nothing does, but a file system was unmounted by force: a process that was not found may still run.
chroot_unwind() (
    dir=$1
    [ -d "$dir" ] || exit 0
    forced=0
    chroot_kill "$dir" || exit 1
    if [ -f "$dir/mounts" ]; then
        while IFS= read -r mount_point; do
            chroot_unmount "$dir" "$mount_point" || case $? in 2) forced=2 ;; *) exit 1 ;; esac
        done <"$dir/mounts" || exit 1
    fi
    os_rm "${dir:?}" 2>/dev/null
    [ ! -e "$dir" ] && exit "$forced"
)

# chroot_unmount DIR MOUNT_POINT: tries repeatedly; at last by force, and then returns 2.
chroot_unmount() {
    unmount_how=
    for unmount_try in 1 2 3 4 5 6 7 8 9 10 11 12; do
        # shellcheck disable=SC2086 # empty: no word
        os_umount $unmount_how "$2" 2>/dev/null || :
        os_mounted "$2" || case $unmount_how in '') return 0 ;; *) return 2 ;; esac
        [ "$unmount_try" -lt 8 ] || unmount_how=-f
        chroot_kill "$1" || :
        chroot_nap
    done
    printf 'pkgmkgen: %s cannot be unmounted\n' "$2" >&2
    return 1
}

# chroot_kill DIR: kills until no process is left.
chroot_kill() {
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        kill_pids="$(chroot_entries "$1") $(os_rooted "$1/root")"
        case $kill_pids in *[0-9]*) ;; *) return 0 ;; esac
        # shellcheck disable=SC2086 # numbers
        kill -KILL $kill_pids 2>/dev/null || :
        chroot_nap
    done
    return 1
}

# chroot_entries DIR: the processes of the host that mount things for the sandbox or enter it, known by their arguments.
chroot_entries() {
    # shellcheck disable=SC2086 # empty: no word
    ps -A $os_ps_wide -o pid= -o args= | CHROOT_DIR="$1/" awk -v me=$$ '
        $1 != me && index($0, ENVIRON["CHROOT_DIR"]) && ($0 ~ /chroot-enter\.sh / || $2 ~ /(^|\/)(mount[a-z_]*|tar|chroot|env)$/) { print $1 }'
}

# chroot_kill_rooted ROOT KEPT: ends all processes in a sandbox except KEPT.
chroot_kill_rooted() {
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        kill_pids=
        for kill_pid in $(os_rooted "$1"); do
            [ "$kill_pid" = "$2" ] || kill_pids="$kill_pids $kill_pid"
        done
        [ -n "$kill_pids" ] || return 0
        # shellcheck disable=SC2086 # numbers
        kill -KILL $kill_pids 2>/dev/null || :
        chroot_nap
    done
    return 1
}

chroot_nap() { sleep 0.1 2>/dev/null || sleep 1; }

# os_mounted DIR: is DIR a mount point? (os/SYSTEM.sh may have a better test.)
os_mounted() {
    [ "$(df -kP "$1" 2>/dev/null | awk 'NR == 2 { print $NF }')" = "$1" ]
}
