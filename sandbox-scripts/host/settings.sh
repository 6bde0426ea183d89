# shellcheck shell=sh
# settings.sh - the settings that bulk.mk exports (BULK_*), checked once where a script starts.

# A script called by hand, without bulk.mk, misses some: name the first and stop.
: "${BULK_PKGSRCDIR:?not set: call this script from bulk.mk}"
: "${BULK_PACKAGES:?}" "${BULK_DISTDIR:?}" "${BULK_LOG:?}" "${BULK_SANDBOXDIR:?}" "${BULK_PKG_SUFX:?}"
: "${BULK_PREFIX:?}" "${BULK_PKG_DBDIR:?}" "${BULK_BMAKE:?}" "${BULK_BASE:?}" "${BULK_BUILD_USER:?}"
: "${BULK_SCRATCH:?}" "${BULK_MAKEFILE:?}"
: "${BULK_KIT=}" "${BULK_MAKECONF=}" "${BULK_MAKE_JOBS=}" "${BULK_RETRY=}" "${BULK_SCRATCH_SIZE:=50%}"
: "${BULK_DISK_MIN:=500}" "${BULK_ROOT_SIZE:=25%}" "${BULK_TIMEOUT:=86400}" "${BULK_TIMEOUT_SILENT:=7200}" "${BULK_MEMORY_MAX:=80%}"
: "${BULK_PROCESSES_MAX:=4096}" "${BULK_LOG_MAX:=500}" "${BULK_PACKAGE_SETTINGS=}" "${BULK_KEEP=}" "${BULK_CGROUPS=}"
: "${BULK_LAUNCH:=local}" "${BULK_HOSTS=}" "${BULK_HOST_RETRY:=60}" "${BULK_SSH:=ssh}" "${BULK_SLURM_OPTIONS=}" "${BULK_LAST_KB=0}"
: "${BULK_VM_IMAGE:=host}" "${BULK_VM_KERNEL=}" "${BULK_VM_MEMORY:=2g}" "${BULK_VM_CPUS=}" "${BULK_VM_DISK:=20g}" "${BULK_VM_BOOT:=120}" "${BULK_VM_ACCEL:=auto}"
: "${BULK_DISTCC_HOSTS=}" "${BULK_CCACHE_DIR=}" "${BULK_DISTCC=}" "${BULK_DISTCC_SLOTS=}"
: "${BULK_HOOK=}" "${BULK_SIGN=}" "${BULK_PUBLISH=}" "${BULK_OLD:=keep}" "${BULK_REQUIRED:=all}"

# settings_directory DIR WHAT: halts the run unless DIR, called WHAT, is an absolute path of such characters.
settings_directory() {
    case $1 in
    *[!A-Za-z0-9/._+-]* | [!/]* | */../* | */.. | / | /sandbox* | /proc* | /dev* | /sys*)
        machine_failure "$2 cannot be used" \
            "give an absolute path of letters, digits and ._+-, not below /sandbox, /proc, /dev or /sys" ;;
    esac
}

# check_settings: directories must be absolute and of characters that mount tables and make can carry.
check_settings() {
    for check_dir in "$BULK_PKGSRCDIR" "$BULK_PACKAGES" "$BULK_DISTDIR" "$BULK_LOG" "$BULK_SANDBOXDIR" \
        "$BULK_PREFIX" "$BULK_PKG_DBDIR" ${BULK_CCACHE_DIR:+"$BULK_CCACHE_DIR"}; do
        settings_directory "$check_dir" "directory '$check_dir'"
    done
    case $BULK_MAKECONF in
    '' | /*) ;;
    *) machine_failure "MAKECONF=$BULK_MAKECONF is no absolute path" "give the absolute path of an mk.conf" ;;
    esac
    case $BULK_OLD in
    keep | list | remove) ;;
    *) machine_failure "OLD=$BULK_OLD is not known" "say OLD=keep, OLD=list or OLD=remove" ;;
    esac
    [ -f "$BULK_PKGSRCDIR/mk/bsd.pkg.mk" ] ||
        machine_failure "$BULK_PKGSRCDIR is no pkgsrc tree (no mk/bsd.pkg.mk)" "set PKGSRCDIR"
}
