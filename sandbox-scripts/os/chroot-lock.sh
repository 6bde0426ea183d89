# shellcheck shell=sh source-path=SCRIPTDIR/..
# os/chroot-lock.sh - locks without flock(1), held by processes that may be killed: a symbolic link names the holder
# (os_process_id). The link LOCK.X names the successor of a dead holder X; only one process can make it. The holder is
# at the end of this chain, which begins at LOCK. A new holder replaces the chain by a new one.

[ -z "${os_chroot_lock_sourced:-}" ] || return 0
os_chroot_lock_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/os.sh"
: "${os_name=}" # set by os_named

# os_lock DIR [COMMAND]: hold it until this process ends; waits for another holder, after COMMAND. 0 at once, 1 after a wait.
os_lock() {
    lock_waited=0
    until os_try_lock "$1"; do
        [ "$lock_waited" -ne 0 ] || ${2:-:}
        lock_waited=1
        sleep 0.2 2>/dev/null || sleep 1
    done
    return "$lock_waited"
}

# os_try_lock DIR: hold it until this process ends; fails if another process holds it. The lock is beside DIR, since others own its content.
os_try_lock() {
    lock_name=${1%/*}/.lock.${1##*/}
    os_named $$
    lock_me=$os_name
    while :; do
        lock_walk=0
        _lock_walk "$lock_name" || lock_walk=$?
        case $lock_walk in
        0) break ;;
        1) return 1 ;;
        esac
        ln -s "$lock_me" "$lock_next" 2>/dev/null || :
    done
    rm -f -- "$lock_name.new"
    ln -s "$lock_me" "$lock_name.new"
    mv -f -- "$lock_name.new" "$lock_name"
    rm -f -- "$lock_name".[0-9]*
}

# _lock_walk LOCK: 0 this process holds it; 1 another does; 2 it is free, and lock_next is the link to make.
# A claim is valid only if a later walk finds it: a link in an old chain is not found.
_lock_walk() {
    lock_next=$1
    while lock_owner=$(readlink "$lock_next" 2>/dev/null) && [ -n "$lock_owner" ]; do
        [ "$lock_owner" != "$lock_me" ] || return 0
        ! os_process_alive "$lock_owner" || return 1
        lock_next=$1.$lock_owner
    done
    return 2
}
