#!/bin/sh
# install.sh DESTDIR PREFIX - installs below DESTDIR a bmake that is the host's, but knows where its mk.conf is.
set -eu
umask 022
mkdir -p -- "$1$2/bin"
cat >"$1$2/bin/bmake" <<END
#!/bin/sh
MAKECONF=\${MAKECONF-$2/etc/mk.conf}
export MAKECONF
exec /usr/bin/bmake "\$@"
END
chmod 755 "$1$2/bin/bmake"
