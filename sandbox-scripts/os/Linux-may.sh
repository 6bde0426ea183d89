#!/bin/sh
# Linux-may.sh - can the caller create sandboxes? Exit: 0 yes; 1 no, with the reason on standard error.
[ "$(id -u)" -ne 0 ] || exit 0
may_said=$(unshare --user --map-root-user --map-auto --mount mount -t tmpfs pkgmkgen /tmp 2>&1) && exit 0
printf '%s\n' "$may_said" | sed -n '$p' >&2
exit 1
