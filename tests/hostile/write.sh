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
# What a stranger to the first process may not ask of the kernel.
chrt -f 1 true 2>/dev/null && breach 'realtime scheduling'
ionice -c 1 true 2>/dev/null && breach 'realtime input and output'
for file in environ mem; do cat /proc/1/$file >/dev/null 2>&1 && breach "reads /proc/1/$file"; done
for fd in /proc/self/fd/*; do
    case ${fd##*/} in [0-9] | [0-9][0-9]) [ ! -e "$fd/precious" ] || breach "has a directory of the caller at $fd" ;; esac
done
cat >calls.c <<C
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(void) {
    if (syscall(SYS_keyctl, 0, -4, 1) >= 0) puts("BREACH: keyctl");
    if (syscall(SYS_unshare, 0x10000000) == 0) puts("BREACH: makes a user namespace");
    if (syscall(425, 8, 0) >= 0 || access("/proc/self/fd/63", 0) == 0) puts("BREACH: io_uring");
    if (syscall(SYS_userfaultfd, 1) >= 0) puts("BREACH: userfaultfd");
    if (syscall(430, "tmpfs", 0) >= 0) puts("BREACH: fsopen");
    return 0;
}
C
cc -o calls calls.c && ./calls
if [ "$(id -u)" = 0 ]; then # code of the package in every program that phases.sh starts
    printf '%s\n' '#include <stdio.h>' '#include <sys/mount.h>' '__attribute__((constructor)) static void evil(void) {' \
        'FILE *log = fopen("/sandbox/log/preload.log", "a"); if (log) { if (mount("t", "/mnt", "tmpfs", 0, "") == 0) fputs("BREACH: mounts from a preload\n", log); fclose(log); } }' >evil.c
    cc -shared -fPIC -o /tmp/evil.so evil.c && echo /tmp/evil.so >/etc/ld.so.preload
fi
ln -s "$canary" canary-link
ln -s / root-link
