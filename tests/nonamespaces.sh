#!/bin/sh
# nonamespaces.sh COMMAND... - runs COMMAND as root where nobody can create user namespaces, as in many containers.
set -eu
mine=$(readlink /proc/self/ns/user)
unshare --user -- sleep 60 &
while [ "$(readlink "/proc/$!/ns/user")" = "$mine" ]; do sleep 0.1; done
for map in uid_map gid_map; do printf '0 0 4294967295\n' >"/proc/$!/$map"; done
# shellcheck disable=SC2016 # expanded by the inner shell
exec nsenter --user --target "$!" --setuid 0 --setgid 0 -- unshare --mount -- \
    sh -euc 'kill "$0"; echo 0 >/proc/sys/user/max_user_namespaces; exec "$@"' "$!" "$@"
