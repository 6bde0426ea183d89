# shellcheck shell=sh source-path=SCRIPTDIR/.. disable=SC2034
# vm/machine.sh - virtual machines for launch/vm.sh.
# The machine runs Linux: VM_KERNEL, with an initramfs made here. Its root is VM_IMAGE: `host` (this machine's system
# directories), a directory, or a disk image; none is changed. Directories of this machine are attached by 9p at their own
# paths; a file `shares` lists them, `ro|rw|disk PATH SOURCE` a line, the number of the line being the tag. All other
# writes go to the memory of the machine and to its own scratch disk.

[ -z "${vm_machine_sourced:-}" ] || return 0
vm_machine_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/say.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/settings.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/os.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/inputs.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/save.sh"
: "${run_launch=}" "${logdir=}" "${vm_dir=}" "${pkgname=}" "${outdir=}" "${scratch=}" "${pkgpath=}" # set by launch/vm.sh

# vm_check: sets vm_kernel; halts the run if this machine lacks something.
vm_check() {
    [ "$(uname -m)" = x86_64 ] || machine_failure "LAUNCH=vm works on x86_64 only" "use LAUNCH=local, ssh or slurm"
    PATH=$PATH:/usr/sbin:/sbin
    for vm_tool in qemu-system-x86_64 cpio ldd mke2fs insmod depmod switch_root; do
        command -v "$vm_tool" >/dev/null 2>&1 ||
            machine_failure "command not found: $vm_tool" "install it (Debian: qemu-system-x86 cpio libc-bin e2fsprogs kmod util-linux)"
    done
    vm_kernel=${BULK_VM_KERNEL:-$(find /boot -maxdepth 1 -name 'vmlinuz-*' | LC_ALL=C sort | tail -n 1)}
    for vm_path in "$BULK_VM_IMAGE" "$vm_kernel" "$BULK_SCRIPTS"; do
        case $vm_path in
        *[!A-Za-z0-9/._+@~-]*) machine_failure "path '$vm_path' has a character that qemu misreads" "use letters, digits and /._+@~-" ;;
        esac
    done
    [ -f "$vm_kernel" ] || machine_failure "no Linux kernel at ${vm_kernel:-/boot/vmlinuz-*}" "set VM_KERNEL (Debian: the one in linux-image-amd64)"
    [ "$BULK_VM_IMAGE" = host ] || [ -e "$BULK_VM_IMAGE" ] ||
        machine_failure "VM_IMAGE=$BULK_VM_IMAGE does not exist" "use host, a directory or a disk image"
}

# vm_accel DIR: sets vm_accel to words for qemu: KVM, if a machine starts under it within 15 seconds; else emulation.
vm_accel() {
    vm_tcg="-accel tcg,thread=multi -cpu max" vm_kvm="-accel kvm -cpu host"
    case $BULK_VM_ACCEL in
    tcg) vm_accel=$vm_tcg ;;
    kvm) vm_accel=$vm_kvm ;;
    auto)
        vm_accel=$vm_kvm
        # shellcheck disable=SC2046,SC2086
        (os_leash timeout -s KILL 15 qemu-system-x86_64 $vm_accel $(vm_machine "$1") -m 256 -smp 1 -append "$vm_append bulk_probe=1" \
            -serial "file:$1/probe") >/dev/null 2>&1 || :
        grep -qs 'pkgmkgen: started' "$1/probe" || {
            vm_accel=$vm_tcg
            say vm "KVM does not work here: virtual machines are emulated, many times slower (VM_ACCEL=tcg skips this test)"
        }
        ;;
    *) machine_failure "unknown value VM_ACCEL=$BULK_VM_ACCEL" "use auto, kvm or tcg" ;;
    esac
}
vm_append='console=ttyS0 quiet loglevel=3 panic=-1 mitigations=off no_timer_check' # a slow machine has no time for checks
vm_machine() {
    printf '%s\n' -M pc -no-user-config -nodefaults -no-reboot -display none -monitor none -kernel "$vm_kernel" -initrd "$1/initrd"
}

# vm_job SCRIPT ARG...: makes in vm_dir the files that the machine reads: shares, job, mk.conf, the program that makes sandboxes;
# and its scratch disk.
vm_job() {
    {
        cat -- "$run_launch/shares"
        printf 'disk %s -\n' "$BULK_SANDBOXDIR"
        printf 'ro %s %s\n' "$BULK_PKGSRCDIR" "$BULK_PKGSRCDIR" "$BULK_PACKAGES" "$BULK_PACKAGES" "$BULK_DISTDIR" "$BULK_DISTDIR"
        [ -z "$vm_kit" ] || printf 'ro %s %s\n' "$vm_kit" "$vm_kit"
        [ -z "$vm_base" ] || printf 'ro %s %s\n' "$vm_base" "$vm_base"
        printf 'rw %s %s\n' "$logdir" "$logdir"
    } >"$vm_dir/shares"
    [ -z "$BULK_MAKECONF" ] || cp -- "$BULK_MAKECONF" "$vm_dir/mk.conf"
    for vm_file in "$BULK_SANDBOXDIR"/enter-*; do [ ! -f "$vm_file" ] || cp -- "$vm_file" "$vm_dir/"; done
    awk -f "$BULK_SCRIPTS/remote/job.awk" "BULK_KIT=$vm_kit" "BULK_BASE=${vm_base:-host}" "job_pkgname=$pkgname" "job_pkgpath=$3" job_shared=yes \
        "job_outdir=$outdir" "job_logdir=$logdir" "job_tree=$(inputs_tree "$BULK_PKGSRCDIR/$3")" -- "$@" >"$vm_dir/job"
    rm -f -- "$scratch/disk"
    { truncate -s "$BULK_VM_DISK" "$scratch/disk" && mke2fs -q -F -t ext4 -O ^has_journal,^metadata_csum -E nodiscard "$scratch/disk"; } ||
        machine_failure "cannot create a scratch disk of $BULK_VM_DISK in $scratch" "check VM_DISK and the free space of SANDBOXDIR"
}

# vm_start: starts the machine of vm_dir, in os_child, and its watch, in vm_watch. It has a network only if there is something to fetch, the user
# network of qemu: it reaches all hosts that this machine reaches, and cannot be reached.
vm_start() {
    # shellcheck disable=SC2046,SC2086
    set -- $vm_accel $(vm_machine "$run_launch") -m "$BULK_VM_MEMORY" -smp "${BULK_VM_CPUS:-${BULK_MAKE_JOBS:-1}}" \
        -sandbox on,spawn=deny,obsolete=deny -device virtio-rng-pci \
        -drive "if=virtio,format=raw,cache=unsafe,file=$scratch/disk" \
        -fsdev "local,id=scripts,path=$BULK_SCRIPTS,security_model=passthrough,readonly=on" -device virtio-9p-pci,fsdev=scripts,mount_tag=scripts \
        -fsdev "local,id=out,path=$outdir,security_model=mapped-file,fmode=0644,dmode=0755" -device virtio-9p-pci,fsdev=out,mount_tag=out
    if [ -f "$BULK_VM_IMAGE" ]; then
        vm_format=raw
        [ "$(head -c 3 -- "$BULK_VM_IMAGE")" != QFI ] || vm_format=qcow2
        set -- "$@" -drive "if=virtio,format=$vm_format,snapshot=on,file=$BULK_VM_IMAGE"
    fi
    vm_tag=0
    while read -r vm_mode _ vm_source; do
        vm_tag=$((vm_tag + 1))
        case $vm_mode in
        disk) continue ;;
        ro) vm_mode=security_model=passthrough,readonly=on,multidevs=remap ;;
        rw) vm_mode=security_model=mapped-file,fmode=0644,dmode=0755 ;;
        esac
        set -- "$@" -fsdev "local,id=t$vm_tag,path=$vm_source,$vm_mode" -device "virtio-9p-pci,fsdev=t$vm_tag,mount_tag=t$vm_tag"
    done <"$vm_dir/shares"
    ! vm_fetches || set -- "$@" -netdev user,id=net -device virtio-net-pci,netdev=net,romfile=
    TMPDIR=$scratch os_leash qemu-system-x86_64 "$@" -append "$vm_append" -serial "file:$vm_dir/console" </dev/null >"$vm_dir/qemu" 2>&1 8<&- &
    os_child=$!
    os_leash sh "$BULK_SCRIPTS/vm/watch.sh" "$os_child" "$vm_dir" 8<&- &
    vm_watch=$!
}

# vm_fetches: is there a distfile to fetch?
vm_fetches() {
    for vm_file in $(distinfo_names "$BULK_PKGSRCDIR/$pkgpath"); do
        [ -f "$BULK_DISTDIR/$vm_file" ] || return 0
    done
    return 1
}
