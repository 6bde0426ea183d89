# shellcheck shell=sh disable=SC2154 # the test sets name, victim, port, meet, tree, packages, distdir
# Files of every kind in the directories that the host reads, and forged facts.
for to in /sandbox/log /sandbox/out "$distdir"; do
    cp /bin/true "$to/setid"; chown 0:0 "$to/setid"; chmod 6755 "$to/setid"
    cp /bin/true "$to/rights"
    python3 -c 'import os, struct, sys
os.setxattr(sys.argv[1], "security.capability", struct.pack("<IIIII", 0x02000001, 1 << 21, 0, 0, 0))' "$to/rights"
done 2>/dev/null
chown 12345:12345 /sandbox/log /sandbox/out
chmod 2777 /sandbox/log /sandbox/out
touch /sandbox/log/-rf '/sandbox/log/*' '/sandbox/log/a
b'
for to in /sandbox/log /sandbox/out; do
    cd "$to" && python3 -c 'import os
for i in range(1500): os.mkdir("d" * 200); os.chdir("d" * 200)'
done
printf '%s\n' WRKDIR_KB=99999999999999999999999 STRAY=7 OOM_KILLS=3 STATUS=built >/sandbox/out/facts
echo built >/sandbox/out/verdict
echo OOM_KILLS=1 >/sandbox/out/limits
echo clean >/sandbox/out/phase
[ "$1" != pre-clean ]
