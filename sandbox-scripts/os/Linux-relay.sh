#!/bin/sh
# Linux-relay.sh SANDBOX MNT ADDRESS=HOST:PORT... - port 3632 at each ADDRESS in the network namespace of the process
# SANDBOX leads to HOST:PORT from here. Each relay is two processes, since a process has one network; a socket in their
# own file system, at MNT, connects them. Started by os_relay as the first process of its namespaces, so that all relays
# die with it. If a host does not answer for 5 seconds, or does not answer TCP keepalives for 20, its connection is
# closed; distcc then compiles elsewhere. Messages go to standard error.
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
    # 6:18 is TCP_USER_TIMEOUT, for data that was sent and not acknowledged
    socat -lp "$address" -b 65536 -t 600 "UNIX-LISTEN:$address,fork,mode=600" \
        "TCP:${relay#*=},connect-timeout=5,nodelay,keepalive,keepidle=10,keepintvl=5,keepcnt=2,setsockopt-int=6:18:20000" 7<&- &
    nsenter --net=/proc/self/fd/7 \
        socat -b 65536 -t 600 "TCP-LISTEN:3632,bind=$address,reuseaddr,nodelay,fork,backlog=128" "UNIX-CONNECT:$address" 2>/dev/null &
done
exec 7<&-
wait
