# shellcheck shell=sh disable=SC2154 # the test sets canary, port, tree and packages
# Links and pipes where the host's side of the sandbox will look.
for name in result result.new inputs closure build.log clean.log deinstall.log stray.log x; do
    ln -sf "$canary/precious" /sandbox/log/$name 2>/dev/null
done
for name in phase phases facts times closure distfiles planted-1.0.tgz; do
    rm -rf /sandbox/out/$name; ln -s "$canary/precious" /sandbox/out/$name
done
# A name of two lines, the second of which is a file where make was started.
mkdir "/sandbox/log/x
precious" "/sandbox/out/x
precious"
mkfifo /sandbox/log/fifo /sandbox/out/fifo
exit 1
