# shellcheck shell=sh
# leavings.sh - the output of a sandbox is untrusted: owners and modes are set before others can reach it, and its content is
# checked before it is used.

[ -z "${leavings_sourced:-}" ] || return 0
leavings_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/settings.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/os.sh"
: "${os_tar_first=}" "${os_tar_list=--numeric-owner}" # set by os/SYSTEM.sh

# leavings_clean OUTDIR LOGDIR SCRIPT: called when all processes of the sandbox that ran SCRIPT have ended. Afterwards OUTDIR/out
# has only the few files that are read here, and LOGDIR only plain files. All belong to root and have no set-user-id bits,
# capabilities or execute permission; distfiles are in OUTDIR/distfiles, and others may read LOGDIR. (A change of owner
# removes set-user-id bits and capabilities.)
leavings_clean() {
    leavings_out=$1 leavings_log=$2
    case $3 in
    inside/summarize.sh) set -- ! -name records ! -name unreadable ;;
    *) set -- -size +2048 -o ! -name phase ! -name phases ! -name facts ! -name distinfo ;;
    esac
    if [ -d "$leavings_out/out/distfiles" ] && [ ! -h "$leavings_out/out/distfiles" ]; then
        mv -- "$leavings_out/out/distfiles" "$leavings_out/distfiles" || return
    fi
    find "$leavings_out/out" "$leavings_log" -maxdepth 1 \
        \( \( ! -type f ! -path "$leavings_out/out" ! -path "$leavings_log" \) -o \( -path "$leavings_out/out/*" \( "$@" \) \) \) -exec rm -rf -- {} + -o \
        \( -exec chown -h 0:0 -- {} + -exec chmod a-st,u=rw,go=r,a+X -- {} + \) || return
    leavings_verdict=
    read -r leavings_verdict 2>/dev/null <"$leavings_out/verdict" || :
    case $leavings_verdict in "filled the disk"* | "wrote more than"*) leavings_trim "$leavings_out" "$leavings_log" ;; esac
}

# leavings_trim OUTDIR LOGDIR: if a sandbox was killed because it wrote too much, only the beginnings of its logs are kept, a
# twentieth of LOG_MAX each.
leavings_trim() {
    rm -rf -- "$1/distfiles"
    find "$2" -type f ! -name '*.log' -exec rm -f -- {} +
    for trim_log in "$2"/*.log; do
        case ${trim_log##*/} in
        pre-clean.log | depends.log | checksum.log | configure.log | build.log | install.log | package.log | deinstall.log | clean.log | \
            fetch.log | work.log | stray.log)
            [ ! -f "$trim_log" ] || [ "$(wc -c <"$trim_log")" -le $((BULK_LOG_MAX * 50000)) ] ||
                dd if=/dev/null of="$trim_log" bs=50000 seek="$BULK_LOG_MAX" 2>/dev/null
            ;;
        *) rm -f -- "$trim_log" ;;
        esac
    done
}

# package_packed: sets package_by to the option with which tar unpacks binary packages.
package_packed() {
    case $BULK_PKG_SUFX in
    *.tgz | *gz) package_by=-z ;;
    *.tbz* | *bz2) package_by=-j ;;
    *xz) package_by=-J ;;
    *) package_by='' ;;
    esac
}

# package_libraries FILE, called in $(...): `provides PATH` and `requires PATH` for each shared library in its build information. It is
# read by a process without rights and with limits, as in package_fault.
package_libraries() {
    package_packed
    # shellcheck disable=SC3045 # in every shell that runs this
    ulimit -t 60
    # shellcheck disable=SC2086 # no word, or one
    os_stranger tar $package_by -xOf - $os_tar_first +BUILD_INFO <"$1" 2>/dev/null | LC_ALL=C head -n 20000 |
        LC_ALL=C sed -n 's|^PROVIDES=\(/[A-Za-z0-9@_+,=~:./-]*\)$|provides \1|p; s|^REQUIRES=\(/[A-Za-z0-9@_+,=~:./-]*\)$|requires \1|p'
}

# package_fault FILE PKGNAME, called in $(...): prints why FILE is not a valid binary package PKGNAME; nothing if it is valid.
# It is read by a process without rights and with limits, since a small file can expand to any size. Members are listed in one
# pass to the end, so that a truncated file is noticed.
package_fault() {
    package_packed
    os_tar_known
    if [ -h "$1" ] || [ ! -f "$1" ]; then echo "it is no plain file"; return; fi
    if [ ! -s "$1" ]; then echo "it is empty"; return; fi
    # shellcheck disable=SC3045 # in every shell that runs this
    ulimit -t 600
    # shellcheck disable=SC3045 # not on every system
    ulimit -v 4000000 2>/dev/null || :
    # shellcheck disable=SC2086 # no word, or one
    fault=$({ os_stranger tar $package_by -tvPf - "$os_tar_list" <"$1" 2>/dev/null || echo "unreadable"; } |
        LC_ALL=C awk -f "$BULK_SCRIPTS/host/members.awk") || fault="its members are too many to be read"
    if [ -n "$fault" ]; then echo "$fault"; return; fi
    # shellcheck disable=SC2086 # as above
    os_stranger tar $package_by -xOf - $os_tar_first +CONTENTS <"$1" 2>/dev/null | {
        fault=
        while IFS= read -r fault && [ "${fault#@name }" = "$fault" ]; do :; done
        [ "$fault" = "@name $2" ] || printf '%s\n' "its name inside is '${fault#@name }'" | LC_ALL=C tr -c ' -~\n' '?' | cut -c1-200
    }
}
