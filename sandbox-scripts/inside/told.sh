# shellcheck shell=sh source-path=SCRIPTDIR/..
# told.sh - values that each make of a package would compute again by starting programs, and that are the same from the moment
# when the dependencies are installed: the first make prints them, and mk.conf tells them to the later ones. They are not
# in the environment, where a package could see them.

[ -z "${inside_told_sourced:-}" ] || return 0
inside_told_sourced=yes
: "${pkgpath=}" # set by inside/common.sh

# told_conf: prints the lines of mk.conf by which a make prints the values: a line with NAME=VALUE%... for TOLD_VALUES.
told_conf() {
    # shellcheck disable=SC2016 # expanded by make
    printf '%s\n' '_TOLD_NAMES=PKGTOOLS_VERSION _GCC_VERSION _GCC_STRICTEST_REQD _USE_PKGSRC_GCC _NEED_NEWER_GCC ${MAKEVARS:U:MPKG_BUILD_OPTIONS.*:O:u}' \
        'TOLD_VALUES=told:${_TOLD_NAMES:@_told_@${defined(${_told_}):?${_told_}=${${_told_}}%:}@}'
}

# told_read LOG: prints lines of mk.conf with the values in LOG, for makes of this package only: others that it starts have
# other requirements.
told_read() {
    told_left=$(grep '^told:' "$1" | tail -n 1)
    told_left=${told_left#told:}
    # shellcheck disable=SC2016 # expanded by make
    printf '.if ${.CURDIR} == "%s"\n' "$BULK_PKGSRCDIR/$pkgpath"
    while [ -n "$told_left" ]; do
        told_value=${told_left%%\%*}
        told_left=${told_left#"$told_value"}
        told_left=${told_left#\%}
        told_value=${told_value# }
        case $told_value in
        *[!A-Za-z0-9=\ ._+-]*) ;;
        *=*) printf '%s\n' "$told_value" ;;
        esac
    done
    printf '.endif\n'
}
