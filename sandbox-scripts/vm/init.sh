#!/bin/sh
# vm/init.sh - the initramfs of a virtual machine: makes its root from the first directory of vm/shares, with a layer of memory
# over it, or from its second disk, attaches the others, and then runs vm/guest.sh there. When it ends, so does the machine.
PATH=/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
while read -r module; do insmod "/modules/$module"; done </modules/order
echo 'pkgmkgen: started'
[ -z "${bulk_probe:-}" ] || exit 0

fail() { echo "pkgmkgen: $1"; exit 1; }
# share ro|rw TAG DIR: attaches a directory. Writes are not cached, so that they are not lost when the machine dies.
share() {
    share_mode=ro,cache=loose
    [ "$1" = ro ] || share_mode=rw,cache=none
    mount -t 9p -o "trans=virtio,version=9p2000.L,msize=500000,$share_mode" "$2" "$3" || fail "cannot attach $2 to $3"
}
share rw out /out
echo >/out/vm/booted
if [ -b /dev/vdb ]; then
    disk=/dev/vdb
    [ ! -b /dev/vdb1 ] || disk=/dev/vdb1
    mount -t ext4 "$disk" /root
else
    share ro t1 /lower
    mount -t tmpfs rw /rw && mkdir /rw/upper /rw/work &&
        mount -t overlay -o lowerdir=/lower,upperdir=/rw/upper,workdir=/rw/work root /root
fi || fail 'the root cannot be mounted'
mkdir -p /root/proc /root/sys /root/dev /root/run || fail 'the root cannot be written'
mount -t tmpfs -o mode=755 run /root/run || fail 'no /run'
mkdir /root/run/scripts /root/run/out
tag=0
while read -r mode path _; do
    tag=$((tag + 1))
    [ "$path" != / ] || continue
    mkdir -p "/root$path"
    case $mode in
    disk) mount -t ext4 -o noatime /dev/vda "/root$path" || fail "cannot mount the scratch disk" ;;
    *) share "$mode" "t$tag" "/root$path" ;;
    esac
done </out/vm/shares
share ro scripts /root/run/scripts
mount -n --move /out /root/run/out
exec switch_root /root /bin/sh /run/scripts/vm/guest.sh
