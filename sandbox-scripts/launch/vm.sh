# shellcheck shell=sh source-path=SCRIPTDIR/.. disable=SC2034
# launch/vm.sh - LAUNCH=vm: each package is built in a virtual machine of its own, started from VM_IMAGE, which is never
# changed, and removed afterwards. In it the build has a sandbox as on this machine (remote/remote.sh). Contract: launch/local.sh.

[ -z "${launch_vm_sourced:-}" ] || return 0
launch_vm_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/say.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/settings.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/os.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/run.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/skel.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/save.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/inputs.sh"
# shellcheck source=vm/machine.sh
. "$BULK_SCRIPTS/vm/machine.sh"
# shellcheck source=vm/boot.sh
. "$BULK_SCRIPTS/vm/boot.sh"
: "${base=}" "${kit=}" "${build_me=}" # set by build_begin and skel_layers

launch_prepare() {
    vm_check
    mkdir -p -- "$BULK_SANDBOXDIR/scratch" || machine_failure "cannot create directory $BULK_SANDBOXDIR/scratch" "check permissions and free space of SANDBOXDIR"
    run_sweep "$BULK_SANDBOXDIR/scratch"
    skel_layers
    vm_initramfs "$1"
    vm_root "$1"
    vm_accel "$1"
    _os_program "$base" enter >/dev/null # so that the virtual machines need not compile it
    printf "vm_kernel='%s' vm_kit='%s' vm_base='%s' vm_accel='%s'\n" "$vm_kernel" "$kit" "$base" "$vm_accel" >"$1/ready.new"
    mv -- "$1/ready.new" "$1/ready"
}

launch_open() { scratch=$BULK_SANDBOXDIR/scratch/$build_me; }

# launch_run SCRIPT ARG...: the run is halted if a machine does not start, twice, or reports that it cannot build. A machine that dies
# during a build is replaced; if three die with a package, the package is the cause.
launch_run() {
    launch_host=vm.$(uname -n) vm_dir=$outdir/vm vm_lost=0 vm_unborn=0
    while :; do
        os_rm "$vm_dir" "$outdir/verdict" "$outdir/out/distfiles"
        mkdir -- "$vm_dir"
        vm_job "$@"
        vm_start
        vm_end=0
        wait "$os_child" 2>/dev/null || vm_end=$?
        os_child=
        kill "$vm_watch" 2>/dev/null || :
        vm_word='' vm_rest=''
        [ ! -f "$vm_dir/answer" ] || read -r vm_word vm_rest <"$vm_dir/answer" || :
        case $vm_word:$vm_rest in
        status:75) vm_trouble "could not create a sandbox" ;;
        status:[0-9] | status:[0-9][0-9] | status:1[0-9][0-9]) return "$vm_rest" ;;
        trouble:*) vm_trouble "failed: $(printf '%s' "$vm_rest" | LC_ALL=C tr -cd ' -~')" ;;
        esac
        if [ ! -f "$vm_dir/booted" ]; then
            vm_unborn=$((vm_unborn + 1))
            [ "$vm_unborn" -lt 2 ] || vm_trouble "did not start (status $vm_end)"
            continue
        fi
        disk_guard
        vm_lost=$((vm_lost + 1))
        say died "the virtual machine of $pkgname died during its build:$(vm_said | tail -n 1 | tr -d '|')"
        [ "$vm_lost" -lt 3 ] || break
        find "$logdir" -mindepth 1 -delete
    done
    printf 'took 3 virtual machines with it:%s\n' "$(vm_said | tail -n 1 | tr -d '|')" >"$outdir/verdict"
    return 1
}

# vm_said: prints the last lines of the console of the machine, and of qemu, without the dump of a kernel that died.
vm_said() {
    cat -- "$vm_dir/console" "$vm_dir/qemu" 2>/dev/null | LC_ALL=C tr -cd '\n -~' | grep . |
        grep -Ev '^\[ *[0-9.]+\] (|.*(RIP|R..|CPU|CS|Code|Call Trace|Hardware name|Kernel Offset|---.*|CR2):.*| *</?[A-Z]*>| +[?a-z_].*)$' |
        tail -n 8 | cut -c1-200 | sed 's/^/  | /'
}
vm_trouble() {
    vm_said >&2
    cat -- "$vm_dir/console" "$vm_dir/qemu" >"$logdir/vm.log" 2>/dev/null || :
    machine_failure "the virtual machine of $pkgname $1; its console ends with: $(vm_said | tail -n 1 | sed 's/^  | //') (all of it: $logdir/vm.log)" \
        "check VM_KERNEL, VM_IMAGE, VM_MEMORY and VM_ACCEL; qemu was started with ${vm_accel}"
}
