#!/bin/sh
# log.sh - stands in, under many names, for commands of other systems: appends what it was asked to do to $SHIMS/log, and plays the
# part that the scripts look at. SHIMS also holds mounted (mount points), rooted (PID ROOT of a process in a sandbox). ps, fstat, chroot and the
# procfs behave as those of NetBSD 7.99 were seen to.
name=${0##*/}
case $name in
mount* | umount | bindfs | devfs | chroot | pwd_mkdb) printf '%s' "$name" >>"$SHIMS/log"; printf ' %s' "$@" >>"$SHIMS/log"; printf '\n' >>"$SHIMS/log" ;;
esac
for last; do :; done
case $name in
mount* | bindfs)
    printf '%s\n' "$last" >>"$SHIMS/mounted"
    case $name in mount_procfs) : >"$last/curproc" ;; esac
    ;;
umount)
    [ ! -f "$SHIMS/busy" ] || [ "$1" = -f ] || exit 1
    grep -qx -- "$last" "$SHIMS/mounted" || exit 1
    grep -vx -- "$last" "$SHIMS/mounted" >"$SHIMS/mounted.new"
    mv "$SHIMS/mounted.new" "$SHIMS/mounted"
    case $last in */proc) rm -rf "$last"/[0-9]* "$last/curproc" ;; esac
    ;;
df)
    last=$(readlink -f -- "$last")
    echo 'Filesystem 1024-blocks Used Available Capacity Mounted on'
    if grep -qx -- "$last" "$SHIMS/mounted"; then echo "x 1 1 1 1% $last"; else echo 'x 1 1 1 1% /'; fi
    ;;
chroot)
    case $1 in
    -*) # the build user: the directory becomes the root, root's groups stay unless others are named
        groups=--keep-groups
        while :; do
            case $1 in
            -u) user=$2 ;;
            -g) group=$2 ;;
            -G) groups=--groups=$2 ;;
            *) break ;;
            esac
            shift 2
        done
        cd -- "$1" || exit
        shift
        exec setpriv --reuid="$user" --regid="$group" "$groups" "$@"
        ;;
    esac
    printf '%s %s\n' "$$" "$1" >"$SHIMS/rooted"
    for proc in "$SHIMS/proc" "$1/proc"; do
        [ "$proc" = "$SHIMS/proc" ] || [ -e "$proc/curproc" ] || continue
        mkdir -p "$proc/$$"
        ln -s "$1" "$proc/$$/root"
    done
    root=$1
    printf '\n' >&7 # as os_kill_others asks
    read -r _ <&8
    [ ! -f "$SHIMS/hang" ] || exec sleep 60 0<&- 1>&- 2>&- 7>&- 8<&-
    rm -rf "$SHIMS/rooted" "$SHIMS/proc/$$" "$root/proc/$$"
    exit 3
    ;;
fstat)
    [ -f "$SHIMS/rooted" ] || exit 0
    read -r pid root <"$SHIMS/rooted"
    case $BULK_OS in # NetBSD's passes over a process without open files
    NetBSD) [ -n "$(ls "/proc/$pid/fd" 2>/dev/null)" ] || exit 0 ;;
    esac
    ! kill -0 "$pid" 2>/dev/null || printf 'root sh %s root %s %s drwxr-xr-x 512 r\n' "$pid" "$root" "$(stat -c %i "$root")"
    ;;
lsof)
    [ -f "$SHIMS/rooted" ] || exit 1
    read -r pid root <"$SHIMS/rooted"
    [ "$root" = "$last" ] && kill -0 "$pid" 2>/dev/null && printf '%s\n' "$pid"
    ;;
sysctl) echo 8589934592 ;;
prtconf) echo 8192 ;;
digest | sha256) sha256sum -- "$last" | cut -d ' ' -f 1 ;;
shasum) sha256sum -- "$last" ;;
cksum)
    sum=$(sha256sum -- "$last")
    printf 'SHA256 (%s) = %s\n' "$last" "${sum%% *}"
    ;;
ps) # a column whose header is empty is as wide as its usual header
    case "$*" in
    *lstart=*) /usr/bin/ps "$@" | cut -c 1-14 ;;
    *) exec /usr/bin/ps "$@" ;;
    esac
    ;;
rm)
    case $1 in -rfx) shift; set -- -rf --one-file-system "$@" ;; esac
    exec /bin/rm "$@"
    ;;
ls)
    case $last in # what has died is not in /proc
    "$SHIMS"/proc/[0-9]*)
        pid=${last#"$SHIMS/proc/"}
        kill -0 "${pid%%/*}" 2>/dev/null || exit 1
        ;;
    esac
    case $1 in
    -ld)
        shift
        for last; do
            pid=${last%/root}
            kill -0 "${pid##*/}" 2>/dev/null && /bin/ls -ld "$last"
        done
        exit 0
        ;;
    esac
    case $1 in -dE) kill -0 "${last##*/}" 2>/dev/null && printf 'dr-x--x--x 5 root root 864 2026-01-02 03:04:05.000000006 +0000 %s\n' "$last" ;; *) exec /bin/ls "$@" ;; esac
    ;;
esac
