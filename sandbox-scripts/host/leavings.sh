# shellcheck shell=sh
# leavings.sh - what a sandbox leaves is a stranger's data: it is made harmless before anybody else can reach it, and
# nothing in it is believed unless it is checked.

[ -z "${leavings_sourced:-}" ] || return 0
leavings_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/settings.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/os.sh"
: "${os_tar_first=}" # set by os/SYSTEM.sh

# leavings_clean OUTDIR LOGDIR: called when nothing of the sandbox runs any more. OUTDIR/out and LOGDIR then have nothing
# but plain files of root without set-user-id bits, capabilities or execute permission; distfiles go to OUTDIR/distfiles.
# Afterwards others may read LOGDIR. (A change of owner takes set-user-id bits and capabilities away.)
leavings_clean() {
    if [ -d "$1/out/distfiles" ] && [ ! -h "$1/out/distfiles" ]; then
        mv -- "$1/out/distfiles" "$1/distfiles" || return
    fi
    find "$1/out" "$2" -maxdepth 1 \( ! -type f ! -path "$1/out" ! -path "$2" -exec rm -rf -- {} + \) -o \
        \( -exec chown -h 0:0 -- {} + -exec chmod a-st,u=rw,go=r,a+X -- {} + \)
}

# package_fault FILE PKGNAME: prints what is wrong with FILE as the binary package PKGNAME; nothing if it is one. A process
# without rights reads it, with limits, since few bytes expand to any number. Members are listed in one pass, so that a file
# that is cut off is found, too.
package_fault() (
    case $BULK_PKG_SUFX in
    *.tgz | *gz) fault_by=-z ;;
    *.tbz* | *bz2) fault_by=-j ;;
    *xz) fault_by=-J ;;
    *) fault_by='' ;;
    esac
    if [ -h "$1" ] || [ ! -f "$1" ]; then echo "it is no plain file"; exit; fi
    if [ ! -s "$1" ]; then echo "it is empty"; exit; fi
    # shellcheck disable=SC3045 # in every shell that runs this
    ulimit -t 600
    # shellcheck disable=SC3045 # not on every system
    ulimit -v 4000000 2>/dev/null || :
    # shellcheck disable=SC2086 # no word, or one
    fault=$({ os_stranger tar $fault_by -tvPf - --numeric-owner <"$1" 2>/dev/null || echo "unreadable"; } |
        LC_ALL=C awk -f "$BULK_SCRIPTS/host/members.awk") || fault="its members are too many to be read"
    if [ -n "$fault" ]; then echo "$fault"; exit; fi
    # shellcheck disable=SC2086 # as above
    fault=$(os_stranger tar $fault_by -xOf - $os_tar_first +CONTENTS <"$1" 2>/dev/null | LC_ALL=C sed -n '/^@name /{s/^@name //p;q;}')
    [ "$fault" = "$2" ] || printf '%s\n' "its name inside is '$fault'" | LC_ALL=C tr -c ' -~\n' '?' | cut -c1-200
)
