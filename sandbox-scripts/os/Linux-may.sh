#!/bin/sh
# Linux-may.sh - can the caller create sandboxes? Exit: 0 yes; 1 no, with the reason on standard error.
if [ "$(id -u)" -eq 0 ]; then
    may_said=$(unshare --mount --pid --fork --kill-child true 2>&1) && exit 0
else
    # First without --map-auto: if the kernel refuses the namespace, that leaves a process that waits for ever and keeps the pipe open.
    may_said=$(unshare --user true 2>&1 && unshare --user --map-root-user --map-auto --mount mount -t tmpfs pkgmkgen /tmp 2>&1) && exit 0
fi
printf '%s\n' "$may_said" | sed -n '$p' >&2
exit 1
