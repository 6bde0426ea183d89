#!/bin/sh
# shellcheck source-path=SCRIPTDIR/..
# chroot-janitor.sh PROCESS FILE... - when PROCESS (os_process_id) has ended, removes its sandbox and the FILEs.
# chroot-janitor.sh -- PROCESS COMMAND... - becomes COMMAND then.
set -u
# shellcheck source=host/os.sh
. "$BULK_SCRIPTS/host/os.sh"
# shellcheck source=os/chroot.sh
. "$BULK_SCRIPTS/os/chroot.sh"
# shellcheck source=os/chroot-unwind.sh
. "$BULK_SCRIPTS/os/chroot-unwind.sh"
trap '' HUP INT
command=
[ "$1" != -- ] || { command=yes; shift; }
process=$1
shift
# Signals to the whole run must not end this process while there is something to remove.
clean() {
    [ -z "$command" ] || return 0
    for clean_file in "$BULK_SANDBOXDIR/roots/build@$process" "$@"; do [ ! -e "$clean_file" ] || return 1; done
}
trap 'clean "$@" && exit 0' TERM
while chroot_seen "${process%%.*}" || os_process_alive "$process"; do sleep 1; done
[ -z "$command" ] || exec "$@"
# A killed process may take long to end on a busy machine, and nobody comes after this one.
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    status=0
    chroot_unwind "$BULK_SANDBOXDIR/roots/build@$process" || status=$?
    [ "$status" -eq 1 ] || break
    sleep 1
done
for _ in 1 2 3 4 5 6 7 8 9 10; do
    os_rm "$@" && exit 0
    chroot_nap
done
exit 1
