#!/bin/sh
# spray.sh DIR... - tries to leave a file in each DIR and in places that no build has any business in.
home=$(awk -F: -v uid="$(id -u)" '$3 == uid { print $6; exit }' /etc/passwd)
for dir in / /bin /etc /home /lib /opt /root /sbin /srv /tmp /usr /usr/bin /usr/lib /usr/local /usr/local/bin /usr/share \
    /var /var/db /var/log /var/tmp "$home" "${HOME:-/}" "$@"; do
    # In a shell of its own: some shells leave when a redirection of a special built-in fails.
    (echo graffiti >"$dir/graffiti-was-here") 2>/dev/null || :
done
exit 0
