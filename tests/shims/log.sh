#!/bin/sh
# log.sh - stands in, under many names, for commands of other systems: appends what it was asked to do to $SHIMS/log, and plays the
# part that the scripts look at. SHIMS also holds mounted (mount points), rooted (PID ROOT of a process in a sandbox).
name=${0##*/}
case $name in
mount* | umount | bindfs | devfs | chroot | pwd_mkdb) printf '%s' "$name" >>"$SHIMS/log"; printf ' %s' "$@" >>"$SHIMS/log"; printf '\n' >>"$SHIMS/log" ;;
esac
for last; do :; done
case $name in
mount* | bindfs) printf '%s\n' "$last" >>"$SHIMS/mounted" ;;
umount)
    grep -qx -- "$last" "$SHIMS/mounted" || exit 1
    grep -vx -- "$last" "$SHIMS/mounted" >"$SHIMS/mounted.new"
    mv "$SHIMS/mounted.new" "$SHIMS/mounted"
    ;;
df)
    last=$(readlink -f -- "$last")
    echo 'Filesystem 1024-blocks Used Available Capacity Mounted on'
    if grep -qx -- "$last" "$SHIMS/mounted"; then echo "x 1 1 1 1% $last"; else echo 'x 1 1 1 1% /'; fi
    ;;
chroot)
    printf '%s %s\n' "$$" "$1" >"$SHIMS/rooted"
    mkdir -p "$SHIMS/proc/$$"
    ln -s "$1" "$SHIMS/proc/$$/root"
    printf '\n' >&7 # as os_kill_others asks
    read -r _ <&8
    [ ! -f "$SHIMS/hang" ] || exec sleep 60
    rm -r "$SHIMS/rooted" "$SHIMS/proc/$$"
    exit 3
    ;;
fstat)
    [ -f "$SHIMS/rooted" ] || exit 0
    read -r pid root <"$SHIMS/rooted"
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
    case $1 in -dE) kill -0 "${last##*/}" 2>/dev/null && printf 'dr-x--x--x 5 root root 864 2026-01-02 03:04:05.000000006 +0000 %s\n' "$last" ;; *) exec /bin/ls "$@" ;; esac
    ;;
esac
