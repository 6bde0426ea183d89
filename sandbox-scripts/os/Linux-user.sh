# shellcheck shell=sh source-path=SCRIPTDIR/..
# os/Linux-user.sh - Linux without root: sandboxes are made by root of a user namespace with the caller's ids and the subordinate
# ids of /etc/subuid and /etc/subgid. It has no privileges that the caller does not have. Needs
# util-linux 2.38 (unshare --map-auto), newuidmap, Linux 5.11 (overlayfs in such a namespace), a C compiler (Linux-enter.c).
# BULK_CALLER, set in that namespace, is UID:GID of the caller.

[ -z "${os_Linux_user_sourced:-}" ] || return 0
os_Linux_user_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/say.sh"

# os_caller: prefix of a command that must run with the ids of the caller (ssh, srun and hooks find keys and homes by them).
# shellcheck disable=SC2034 # used by scripts that run such commands
os_caller=${BULK_CALLER:+"unshare --user --map-user=${BULK_CALLER%:*} --map-group=${BULK_CALLER#*:} --"}

# os_in_user_namespace: are we root only of a user namespace, not of the machine?
os_in_user_namespace() {
    [ -r /proc/self/uid_map ] && read -r _ _ user_ids </proc/self/uid_map && [ "$user_ids" != 4294967295 ]
}

# os_am_root: are we root? Starts no process.
os_am_root() {
    while read -r user_word _ user_id _; do
        [ "$user_word" != Uid: ] || break
    done </proc/self/status
    [ "$user_id" -eq 0 ]
}

# os_user_namespace COMMAND...: becomes COMMAND as root of a user namespace; it dies with the process that started this one, and
# BULK_PARENT lets it check whether that process had ended before.
os_user_namespace() {
    user_why=$(sh "$BULK_SCRIPTS/os/Linux-may.sh" 2>&1) || machine_failure "user $(id -un) cannot create a user namespace, and is not root: $user_why" \
        "run make as root; or install newuidmap (Debian: uidmap), give $(id -un) 65536 subordinate ids (usermod --add-subuids 100000-165535 --add-subgids 100000-165535), and enable unprivileged user namespaces (sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns); see pkgmkgen help unprivileged"
    exec unshare --user --map-root-user --map-auto -- setpriv --pdeathsig KILL -- \
        env BULK_PARENT="$PPID" BULK_CALLER="$(id -u):$(id -g)" "$@"
}

# os_user_check: halts the run unless this user namespace can be used for builds.
os_user_check() {
    user_ids=$(awk '{ sum += $3 } END { print sum }' /proc/self/uid_map)
    [ "$user_ids" -ge 65535 ] ||
        machine_failure "this user namespace maps $user_ids user ids, and builds need 65535" "run make outside the namespace: it creates its own"
    [ "$BULK_LAUNCH" != vm ] || machine_failure "LAUNCH=vm needs root" "run make as root"
}
