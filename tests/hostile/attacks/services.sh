# shellcheck shell=sh disable=SC2154 # the test sets name, victim, port, meet, tree, packages, distdir
# Services of the host, at all of its loopback addresses.
for of in 127.0.0.1 0.0.0.0 ::1 ::ffff:127.0.0.1; do
    ! bash -c "exec 3<>/dev/tcp/$of/$port" 2>/dev/null || echo "BREACH: a service of the host at $of"
done
