# shellcheck shell=sh disable=SC2154 # the test sets name, victim, port, meet, tree, packages, distdir
# Distfiles of others, links and pipes where fetched files are saved, in time and too late.
if [ "$1" = fetch ]; then
    ln -s /etc/passwd "$distdir/libmini-1.4.2.tar.gz"
    mkfifo "$distdir/pipe"
    ln -s / "$distdir/root"
    mkdir -p "$distdir/forged-1.0.tar.gz" "$distdir/.staging/x"
    echo x >"$distdir/.staging/x/x"
else
    mkdir -p /sandbox/out/distfiles
    echo x >/sandbox/out/distfiles/libmini-1.4.2.tar.gz
    echo x >/sandbox/work/.fetched/files/late
fi
