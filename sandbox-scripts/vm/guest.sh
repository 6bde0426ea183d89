#!/bin/sh
# vm/guest.sh - the first process of a virtual machine that builds one package, whose root and directories vm/init.sh has
# mounted: lets remote/remote.sh do the job, writes its result to vm_dir/answer and ends the machine. Output goes to the
# console.
umask 022
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C
vm=/run/out/vm
over() {
    sync
    echo b >/proc/sysrq-trigger
    sleep 5
}
trap over EXIT
while sleep 5; do echo beat >>"$vm/beats"; done &
[ -d /tmp ] || mkdir -m 1777 /tmp
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs -o mode=1777 shm /dev/shm
mount -t cgroup2 cgroup /sys/fs/cgroup
ln -s /proc/self/fd /dev/fd 2>/dev/null
ip link set lo up
eval "$(grep -E '^export BULK_(SANDBOXDIR|MAKECONF)=|^export job_outdir=' "$vm/job")"
: "${job_outdir=}" # of the job
mount --bind /run/out "$job_outdir"
cp "$vm"/enter-* "$BULK_SANDBOXDIR/" 2>/dev/null
[ -z "$BULK_MAKECONF" ] || { mkdir -p "${BULK_MAKECONF%/*}" && cp "$vm/mk.conf" "$BULK_MAKECONF"; }
if [ -d /sys/class/net/eth0 ]; then # the user network of qemu has these addresses
    ip link set eth0 up && ip address add 10.0.2.15/24 dev eth0 && ip route add default via 10.0.2.2
    rm -f /etc/resolv.conf
    echo nameserver 10.0.2.3 >/etc/resolv.conf
fi
mkfifo /run/to /run/from
{
    exec </run/to >/run/from
    exec sh /run/scripts/remote/remote.sh
} &
exec 7>/run/to 6</run/from
cat "$vm/job" >&7
while sleep 5; do echo beat >&7; done &
while read -r word rest <&6; do
    case $word in
    started) ;;
    *)
        printf '%s %s\n' "$word" "$rest" >"$vm/answer.new"
        echo bye >&7
        break
        ;;
    esac
done
while read -r _ <&6; do :; done
[ ! -f "$vm/answer.new" ] || mv "$vm/answer.new" "$vm/answer"
