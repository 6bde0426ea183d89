# shellcheck shell=sh source-path=SCRIPTDIR/..
# settings.sh - the settings that bulk.mk exports (BULK_*), checked once where a script starts.

[ -z "${settings_sourced:-}" ] || return 0
settings_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/say.sh"

# BULK_SETTINGS has a word for each setting (pkgmkgen/settings.py): NAME must be set, NAME=DEFAULT may be empty. It is unset if
# a script is called by hand, or from bulk.mk of an older pkgmkgen.
: "${BULK_SETTINGS:?not set: call this script from a bulk.mk that this pkgmkgen has made}" "${BULK_MAKEFILE:?}"
for settings_word in $BULK_SETTINGS; do
    case $settings_word in
    *=*) # an old sh does not strip a prefix within the quotes of another expansion
        # shellcheck disable=SC2034 # eval reads it
        settings_default=${settings_word#*=}
        eval ": \"\${BULK_${settings_word%%=*}:=\$settings_default}\""
        ;;
    *) eval ": \"\${BULK_$settings_word:?}\"" ;;
    esac
done
: "${BULK_CGROUPS=}" "${BULK_LAST_KB=0}" "${BULK_DISTCC=}" "${BULK_DISTCC_SLOTS=}" # not settings, but always set

# settings_directory DIR WHAT: halts the run unless DIR, named WHAT in the message, is an absolute path of safe characters.
settings_directory() {
    case $1 in
    *[!A-Za-z0-9/._+-]* | [!/]* | */../* | */.. | / | /sandbox* | /proc* | /dev* | /sys*)
        machine_failure "$2 is not allowed" \
            "use an absolute path of letters, digits and ._+-, not below /sandbox, /proc, /dev or /sys" ;;
    esac
}

# check_settings: directories must be absolute and have only characters that mount tables and make accept.
check_settings() {
    for check_dir in "$BULK_PKGSRCDIR" "$BULK_PACKAGES" "$BULK_DISTDIR" "$BULK_LOG" "$BULK_SANDBOXDIR" \
        "$BULK_PREFIX" "$BULK_PKG_DBDIR" ${BULK_CCACHE_DIR:+"$BULK_CCACHE_DIR"}; do
        settings_directory "$check_dir" "directory '$check_dir'"
    done
    case $BULK_MAKECONF in
    '' | /*) ;;
    *) machine_failure "MAKECONF=$BULK_MAKECONF is not an absolute path" "set MAKECONF to the absolute path of an mk.conf file" ;;
    esac
    case $BULK_OLD in
    keep | list | remove) ;;
    *) machine_failure "unknown value OLD=$BULK_OLD" "use OLD=keep, OLD=list or OLD=remove" ;;
    esac
    [ -f "$BULK_PKGSRCDIR/mk/bsd.pkg.mk" ] ||
        machine_failure "PKGSRCDIR=$BULK_PKGSRCDIR is not a pkgsrc tree (no mk/bsd.pkg.mk)" "set PKGSRCDIR to a pkgsrc tree"
}

# is_phase WORD: is it a phase of a build?
is_phase() {
    case $1 in '' | *[!a-z-]*) return 1 ;; esac
    case " $BULK_PHASES " in *" $1 "*) ;; *) return 1 ;; esac
}
