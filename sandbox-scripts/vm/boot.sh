# shellcheck shell=sh source-path=SCRIPTDIR/..
# vm/boot.sh - once a run: makes the initramfs of its virtual machines, with vm/init.sh, and the root of VM_IMAGE=host.

[ -z "${vm_boot_sourced:-}" ] || return 0
vm_boot_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/say.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/settings.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/os.sh"
: "${vm_kernel=}" # set by vm_check

# vm_initramfs DIR: makes DIR/initrd with vm/init.sh, the programs it calls and the kernel modules it loads. If a kernel has no
# directory of modules, all are assumed to be built in.
vm_initramfs() (
    top=$1/initramfs release=${vm_kernel##*/vmlinuz-}
    rm -rf -- "$top"
    mkdir -p -- "$top/bin" "$top/modules" "$top/proc" "$top/sys" "$top/dev" "$top/lower" "$top/rw" "$top/root" "$top/out"
    cp -- "$BULK_SCRIPTS/vm/init.sh" "$top/init"
    chmod 755 "$top/init"
    : >"$top/modules/order"
    for modules in "${vm_kernel%/*}/.." / ''; do
        [ ! -d "$modules/lib/modules/$release" ] || break
    done
    if [ -n "$modules" ]; then
        modules=$(cd -- "$modules" && pwd -P)
        depends=$modules/lib/modules/$release/modules.dep
        [ -f "$depends" ] || { depends=$1/depends && depmod -n -b "$modules" "$release" >"$depends" 2>/dev/null; } # not installed, only unpacked
        awk -v want="virtio_pci virtio_blk virtio_rng virtio_net 9pnet_virtio 9p overlay crc32c_generic ext4" \
            -f "$BULK_SCRIPTS/vm/modules.awk" "$depends" | while IFS= read -r file; do
            cp -- "$modules/lib/modules/$release/$file" "$top/modules/" && printf '%s\n' "${file##*/}" >>"$top/modules/order"
        done
    fi
    for tool in sh mount mkdir insmod switch_root; do
        file=$(command -v "$tool")
        cp -L -- "$file" "$top/bin/$tool"
        ldd "$file" | sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p; s/^[[:space:]]*\(\/[^ ]*\) .*/\1/p'
    done | LC_ALL=C sort -u | while IFS= read -r library; do
        mkdir -p -- "$top${library%/*}" && cp -L -- "$library" "$top$library"
    done
    (cd -- "$top" && find . | cpio -o -H newc --quiet) >"$1/initrd" ||
        machine_failure "cannot create an initramfs for $vm_kernel in $1" "check the free space of SANDBOXDIR"
    rm -rf -- "$top"
)

# vm_root DIR: begins DIR/shares with the directories for the root of the machine, the root itself first; none for a disk
# image. For `host` these are DIR/root, with the files of /etc that any user may read, and the system directories of this machine.
vm_root() (
    dir=$1
    exec >"$dir/shares"
    [ ! -f "$BULK_VM_IMAGE" ] || exit 0
    [ "$BULK_VM_IMAGE" = host ] || { printf 'ro / %s\n' "$BULK_VM_IMAGE"; exit 0; }
    printf 'ro / %s\n' "$dir/root"
    rm -rf -- "$dir/root"
    mkdir -- "$dir/root" "$dir/root/etc"
    _os_etc /etc "$dir/root/etc" || exit
    for path in /bin /sbin /usr /lib*; do
        if [ -h "$path" ]; then
            ln -s -- "$(readlink -- "$path")" "$dir/root$path"
        elif [ -d "$path" ]; then
            mkdir -- "$dir/root$path" && printf 'ro %s %s\n' "$path" "$path"
        fi
    done
)
