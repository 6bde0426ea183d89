# shellcheck shell=sh disable=SC2154 # the test sets canary, port, tree and packages
# What no build may change, and how it may not get out.
breach() { echo "BREACH: $*"; }
for dir in "$tree" "$tree/mk" "$packages/All" "$packages/.staging" "$packages" "$canary" /usr/bin /usr/lib /sandbox/scripts; do
    (echo x >"$dir/was-here") 2>/dev/null && breach "writes to $dir"
done
for knob in /proc/sys/kernel/hostname /proc/sys/kernel/core_pattern /proc/sys/vm/drop_caches /proc/sysrq-trigger \
    /proc/irq/default_smp_affinity /sys/kernel/mm/ksm/run /sys/fs/cgroup/memory/memory.limit_in_bytes; do
    (echo 1 >"$knob") 2>/dev/null && breach "turns $knob"
done
for node in mem kmem kmsg sda vda mapper loop0 kvm; do [ ! -e /dev/$node ] || breach "has /dev/$node"; done
mknod /tmp/node b 8 0 2>/dev/null && breach 'makes device nodes'
mount -t tmpfs none /mnt 2>/dev/null && breach mounts
mount -o remount,rw "$tree" 2>/dev/null && breach remounts
umount -l "$tree" 2>/dev/null && breach unmounts
# shellcheck disable=SC2016 # expanded by the inner shell
unshare --user --map-root-user --mount sh -c 'mount -o remount,rw,bind "$0" || umount "$0"' "$tree" 2>/dev/null &&
    breach 'remounts in a user namespace'
nsenter --net=/proc/1/fd/9 true 2>/dev/null && breach "takes the network of the sandbox's first process"
nsenter --target 1 --mount true 2>/dev/null && breach "enters the first process"
su -c id </dev/null 2>/dev/null | grep 'uid=0' | grep -v "^$(id)" && breach 'su'
cat >escape.c <<C
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
int main(void) {
    int here = open("/", O_RDONLY), i;
    struct stat s;
    mkdir("/tmp/jail", 0755);
    if (chroot("/tmp/jail") || fchdir(here)) return 0;
    for (i = 0; i < 64; i++) if (chdir("..")) return 0;
    if (chroot(".")) return 0;
    if (stat("$canary/secret", &s) == 0) puts("BREACH: escapes by chroot");
    return 0;
}
C
cc -o escape escape.c && ./escape
ln -s "$canary" canary-link
ln -s / root-link
