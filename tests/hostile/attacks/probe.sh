# shellcheck shell=sh disable=SC2154 # the test sets name, victim, port, meet, tree, packages, distdir
# Tries everything that breaks nothing: calls, files, memory and sockets of others.
breach() { echo "BREACH: $*"; }
LEASE_ON=$tree/mk/bsd.pkg.mk "$tree/bin/calls"
MEET=$meet "$tree/bin/meet" find
for of in /proc/[0-9]*/environ; do
    tr '\0' '\n' <"$of" 2>/dev/null | grep -q '^SECRET_IN_ENVIRONMENT=' && breach "environment: $of"
done
for of in /proc/[0-9]*/fd/[0-9]*; do # files that are not in the sandbox
    to=$(readlink "$of" 2>/dev/null) || continue
    [ "${to#/}" = "$to" ] || [ -e "${to% (deleted)}" ] || (echo "FORGED by $of" >>"$of") 2>/dev/null
done
grep -q sleep "/proc/$victim/comm" 2>/dev/null && kill -9 "$victim"
find /proc /sys -path '/proc/[0-9]*' -prune -o -path /proc/self -prune -o -path /proc/thread-self -prune -o -type f -perm /222 -print 2>/dev/null |
    while IFS= read -r of; do
        (: >>"$of") 2>/dev/null && breach "opens for writing: $of"
    done
for of in "$tree/mk" "$packages" /sandbox/scripts /usr/bin; do
    (: >"$of/was-here") 2>/dev/null && breach "writes to $of"
done
for of in /proc/[0-9]*/root/sandbox/old/* /sandbox/old/*; do
    [ ! -e "$of" ] || breach "the old root: $of"
done
sed "s/^/ids /" /proc/self/uid_map
