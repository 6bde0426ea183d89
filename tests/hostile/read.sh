# shellcheck shell=sh disable=SC2154 # the test sets canary, port, tree and packages
# What no build may see.
breach() { echo "BREACH: $*"; }
env | grep SECRET_IN_ENVIRONMENT && breach environment
for dir in /root /home /run /opt /srv /mnt /media; do
    [ -z "$(ls -A $dir 2>/dev/null)" ] || breach "sees $dir"
done
for file in $canary/secret /root/.ssh/id_ed25519 /etc/ssh/ssh_host_ed25519_key /proc/1/environ /proc/1/root/etc/hostname; do
    grep -qs . "$file" && breach "reads $file"
done
[ "$(find /proc -maxdepth 1 -name '[0-9]*' | wc -l)" -lt 30 ] || breach 'sees foreign processes'
bash -c "exec 3<>/dev/tcp/127.0.0.1/$port" 2>/dev/null && breach 'network outside the fetch phase'
exit 0
