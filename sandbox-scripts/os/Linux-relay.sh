#!/bin/sh
# Linux-relay.sh SANDBOX MNT ADDRESS=HOST:PORT... - port 3632 at each ADDRESS in the network namespace of the process
# SANDBOX leads to HOST:PORT from here. Two halves for each, since a process has one network: they meet at a socket in a
# file system of their own, at MNT. Started by os_relay as the first process of its namespaces, so that all that works here
# dies with it. A host that does not answer for 5 seconds, or is silent to the kernel's own questions for 20, has its
# connection closed; distcc then compiles elsewhere. What is said of that goes to standard error.
set -eu
sandbox=$1 mnt=$2
shift 2
mount -t tmpfs -o mode=0700,size=64k relay "$mnt"
cd -- "$mnt"
mine=$(readlink /proc/self/ns/net)
while net=$(readlink "/proc/$sandbox/ns/net") && [ "$net" = "$mine" ]; do sleep 0.01; done
exec 7<"/proc/$sandbox/ns/net"
for relay; do
    address=${relay%%=*}
    # 6:18 is TCP_USER_TIMEOUT: what was sent and not acknowledged counts, too
    socat -lp "$address" -b 65536 -t 600 "UNIX-LISTEN:$address,fork,mode=600" \
        "TCP:${relay#*=},connect-timeout=5,nodelay,keepalive,keepidle=10,keepintvl=5,keepcnt=2,setsockopt-int=6:18:20000" 7<&- &
    nsenter --net=/proc/self/fd/7 \
        socat -b 65536 -t 600 "TCP-LISTEN:3632,bind=$address,reuseaddr,nodelay,fork,backlog=128" "UNIX-CONNECT:$address" 2>/dev/null &
done
exec 7<&-
wait
