# shellcheck shell=sh source-path=SCRIPTDIR/..
# limits.sh - the limits of one build: the settings of the run, changed for single packages by PACKAGE_SETTINGS.

[ -z "${limits_sourced:-}" ] || return 0
limits_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/say.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/settings.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/os.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/distcc.sh"

# limits_of PKGNAME: applies the lines of PACKAGE_SETTINGS, `PATTERN NAME=VALUE...`, whose shell pattern matches PKGNAME,
# in their order; then sets BULK_MEMORY_KB and limit_scratch_kb.
limits_of() {
    if [ -n "$BULK_PACKAGE_SETTINGS" ]; then
        [ -r "$BULK_PACKAGE_SETTINGS" ] ||
            machine_failure "cannot read the file PACKAGE_SETTINGS=$BULK_PACKAGE_SETTINGS" "set PACKAGE_SETTINGS to the absolute path of a readable file"
        while read -r limits_pattern limits_words || [ -n "$limits_pattern" ]; do
            # shellcheck disable=SC2254,SC2086 # it is a pattern; these are words
            case $1 in $limits_pattern) limits_apply $limits_words ;; esac
        done <"$BULK_PACKAGE_SETTINGS"
    fi
    distcc_settings
}

# limits_apply NAME=VALUE...
limits_apply() {
    for limits_word; do
        case " $BULK_PER_PACKAGE " in
        *" ${limits_word%%=*} "*) ;;
        *) machine_failure "$BULK_PACKAGE_SETTINGS: unknown setting '$limits_word'" "use one of: $BULK_PER_PACKAGE" ;;
        esac
        case $limits_word in
        DISTCC_HOSTS=?* | CCACHE_DIR=?*)
            machine_failure "$BULK_PACKAGE_SETTINGS: ${limits_word%%=*} cannot be set for single packages, only turned off" "use ${limits_word%%=*}=" ;;
        esac
        eval "BULK_${limits_word%%=*}=\${limits_word#*=}"
    done
}

# limits_check: halts the run unless the limits are sizes and numbers. Sets BULK_MEMORY_KB for this machine, so it must be called on the one that builds.
limits_check() {
    for limits_word in "TIMEOUT $BULK_TIMEOUT" "TIMEOUT_SILENT $BULK_TIMEOUT_SILENT" "PROCESSES_MAX $BULK_PROCESSES_MAX" "LOG_MAX $BULK_LOG_MAX"; do
        case ${limits_word#* } in
        *[!0-9]* | '' | 0*) machine_failure "${limits_word%% *}=${limits_word#* } is not a number" "use a number above 0" ;;
        esac
    done
    limits_kb MEMORY_MAX "$BULK_MEMORY_MAX"
    BULK_MEMORY_KB=$limits_size
    export BULK_MEMORY_KB
    case $BULK_SCRATCH in
    tmpfs | disk) ;;
    *) machine_failure "unknown value SCRATCH=$BULK_SCRATCH" "use SCRATCH=tmpfs or SCRATCH=disk" ;;
    esac
}

# limits_kb NAME SIZE: sets limits_size to SIZE in kB; SIZE has a unit (k, m, g or % of memory) or is in bytes.
limits_kb() {
    case ${2%[kmg%]} in
    *[!0-9]* | '' | 0*) machine_failure "$1=$2 is not a size" "use for example 8g, 800m or 50%" ;;
    esac
    # shellcheck disable=SC2017 # a shell may count in 32 bits
    case $2 in
    *k) limits_size=${2%k} ;;
    *m) limits_size=$((${2%m} * 1024)) ;;
    *g) limits_size=$((${2%g} * 1024 * 1024)) ;;
    *%) limits_size=$(($(os_memory_kb) / 100 * ${2%\%})) ;;
    *) limits_size=$(($2 / 1024)) ;;
    esac
}

# limits_last RECORD: sets BULK_LAST_KB to the size of the work directory in the result RECORD of an earlier build; `all` if that
# build filled its tmpfs.
limits_last() {
    export BULK_LAST_KB=0
    [ -f "$1" ] || return 0
    while IFS='=' read -r limits_word limits_value; do
        case $limits_word in
        WRKDIR_KB) BULK_LAST_KB=$limits_value ;;
        REASON) case $limits_value in 'no space left in the work directory'*) BULK_LAST_KB=all; return 0 ;; esac ;;
        esac
    done <"$1"
}

# limits_scratch: use the disk if the last build filled more than half of the allowed tmpfs.
limits_scratch() {
    limits_kb SCRATCH_SIZE "$BULK_SCRATCH_SIZE"
    case $BULK_LAST_KB in
    all) BULK_SCRATCH=disk ;;
    *[!0-9]* | '' | ??????????????*) ;; # a damaged result
    *) [ "$BULK_LAST_KB" -le $((limits_size / 2)) ] || BULK_SCRATCH=disk ;;
    esac
}
