# shellcheck shell=sh
# os/chroot-inside.sh - the OS contract on the inside of a sandbox that is a directory with mounts. Sourced first by
# os/SYSTEM-inside.sh, which adds
#   chroot_as_user COMMAND...  as the build user
#   os_newer                   find's word for files changed after another
# The network stays open in all phases, root stays root. Descriptors 7 and 8 lead to chroot-enter.sh on the host.

: "${os_newer=}" # set by os/SYSTEM-inside.sh
os_distrust() { :; }
os_as_root() { "$@" 7>&- 8<&-; }
os_as_root_with_network() { os_as_root "$@"; }
os_shell() {
    shell_as=$1
    shift
    "os_as_$shell_as" "$@"
}

# chroot_by_chroot COMMAND...: chroot_as_user by the options of BSD's chroot, which changes to the root directory, and keeps root's
# groups (wheel, kmem, operator) unless it is given others.
chroot_by_chroot() {
    chroot_group=$(id -g "$BULK_BUILD_USER")
    # shellcheck disable=SC2016 # expanded by the inner shell
    chroot -u "$BULK_BUILD_USER" -g "$chroot_group" -G "$chroot_group" / sh -c 'cd -- "$1" && shift && exec "$@"' sh "$PWD" "$@"
}

# Limits apply to single processes and to the build user; limits that the shell does not know are not set. Of processes, the hard limit is
# taken if it is lower (NetBSD's is).
os_as_user() {
    # shellcheck disable=SC2016 # expanded by the inner shell
    chroot_as_user sh -c 'ulimit -v "$1" 2>/dev/null; ulimit -u "$2" 2>/dev/null || ulimit -p "$2" 2>/dev/null ||
        ulimit -p "$(ulimit -H -p)" 2>/dev/null; shift 2; exec "$@"' sh \
        "$BULK_MEMORY_KB" "$BULK_PROCESSES_MAX" "$@" 7>&- 8<&-
}

# Without limits: with a small MEMORY_MAX every file would look unreadable.
os_user_reads() { chroot_as_user test -r "$1" 7>&- 8<&-; }

# os_kill_others: done by the process on the host, which sees all processes.
os_kill_others() {
    printf '\n' >&7 && read -r _ <&8
}

os_now() {
    # shellcheck disable=SC2034 # read by inside/phases.sh
    now_seconds=$(date +%s).00
}

# os_writable DIR STORE: fills the empty DIR with links to all distfiles of the host; os_read_only DIR: moves new files to
# STORE/files and leaves links in their place.
os_writable() {
    writable_store=$2/files
    mkdir -- "$2" "$writable_store" && (
        cd /sandbox/distfiles || exit
        find . -name .staging -prune -o -type d -print | while IFS= read -r writable_dir; do
            mkdir -p -- "$1/$writable_dir"
            # shellcheck disable=SC2016 # expanded by the inner shell
            find "/sandbox/distfiles/$writable_dir" -maxdepth 1 -type f -exec sh -c 'ln -s "$@" "$0"' "$1/$writable_dir" {} +
        done
    )
}
os_read_only() (
    cd -- "$1" || exit
    # shellcheck disable=SC2016 # expanded by the inner shell
    find . -type f -exec sh -c 'for file do
        mkdir -p -- "$0/${file%/*}" && mv -f -- "$file" "$0/$file" && ln -s "$0/$file" "$file" || exit 1
    done' "$writable_store" {} +
)

# os_changed MARK FILE: writes to FILE the names of files of the sandbox that are younger than the file MARK.
# shellcheck disable=SC2034 # read by inside/phases.sh
os_changed_prefix=
os_changed() { find / -xdev "$os_newer" "$1" ! -type d >"$2" 2>/dev/null; }

os_await_relays() { return 1; }
