# shellcheck shell=sh source-path=SCRIPTDIR/..
# told.sh - values that each make of a package would compute again by starting programs, and that are the same from the moment
# when the dependencies are installed: the first make prints them, and mk.conf tells them to the later ones. They are not
# in the environment, where a package could see them.

[ -z "${inside_told_sourced:-}" ] || return 0
inside_told_sourced=yes
: "${pkgpath=}" # set by inside/common.sh
told_behind=

# told_conf: prints the lines of mk.conf by which a make prints the values: a line with NAME=VALUE%... for TOLD_VALUES.
told_conf() {
    # shellcheck disable=SC2016 # expanded by make
    printf '%s\n' '_TOLD_NAMES=PKGTOOLS_VERSION _GCC_VERSION _GCC_STRICTEST_REQD _USE_PKGSRC_GCC _NEED_NEWER_GCC ${MAKEVARS:U:MPKG_BUILD_OPTIONS.*:O:u}' \
        'TOLD_VALUES=told:${_TOLD_NAMES:@_told_@${defined(${_told_}):?${_told_}=${${_told_}}%:}@}' \
        'TOLD_BARRIER=barrier:${PKGSRC_SETENV} ${PKGSRC_MAKE_ENV}'
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

# told_barrier LOG: sets told_behind, the words before the make that does the work of a phase. In pkgsrc a make only reads all makefiles, and
# starts a second one, behind the barrier, when all dependencies are installed; after `configure` the first one is left out.
# Empty if the tree does that in another way, or with words that are not plain.
told_barrier() {
    # shellcheck disable=SC2016 # text of the makefile
    grep -Fqs 'RECURSIVE_MAKE} ${MAKEFLAGS} _PKGSRC_BARRIER=yes ALLOW_VULNERABLE_PACKAGES= ${_BARRIER_CMDLINE_TARGETS}' \
        "$BULK_PKGSRCDIR/mk/bsd.pkg.barrier.mk" || return 0
    told_behind=$(grep '^barrier:' "$1" | tail -n 1)
    told_behind=${told_behind#barrier:}
    case $told_behind in
    *[!A-Za-z0-9=:/\ ._+-]*) told_behind= ;;
    env\ [A-Z]*=* | /*/env\ [A-Z]*=*) ;;
    *) told_behind= ;;
    esac
}
