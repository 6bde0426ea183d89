# shellcheck shell=sh source-path=SCRIPTDIR/..
# depends.sh - inside a sandbox: installs dependencies. Used by inside/phases.sh and inside/layer.sh.

[ -z "${inside_depends_sourced:-}" ] || return 0
inside_depends_sourced=yes
# shellcheck source=/dev/null
. /sandbox/scripts/inside/common.sh
: "${pkgname=}" # set by inside/common.sh

# repo: links to the packages that may be installed, which are in /sandbox/out/closure.
repo() (
    # shellcheck disable=SC2046 # PKGNAMEs have no blanks
    cd "$BULK_PACKAGES/All" && ln -s $(sed "s|.*|$PWD/&$BULK_PKG_SUFX|" /sandbox/out/closure) /sandbox/repo
)

# pkg WORD...: a package tool as root, finding binary packages among the resolved dependencies only.
pkg() { run root / "PKG_PATH=/sandbox/repo" "$@"; }

# kit_leaves: deletes the deletable packages of the kit of which this build installs another version: pkg_add would refuse that
# version.
kit_leaves() {
    : >/sandbox/out/kit-files # these files are missing afterwards; that is not reported as stray
    kit_names=
    for kit_file in "$BULK_PKG_DBDIR"/*/+CONTENTS; do
        kit_file=${kit_file%/+CONTENTS}
        [ ! -f "$kit_file/+CONTENTS" ] || [ -f "$kit_file/+PRESERVE" ] || [ -s "$kit_file/+REQUIRED_BY" ] || kit_names="$kit_names ${kit_file##*/}"
    done
    [ -n "$kit_names" ] || return 0
    kit_names=$(awk -v kit="$kit_names" -v own="$pkgname" '
        function base(name) { sub(/-[^-]*$/, "", name); return name }
        BEGIN { gets[own] = other[base(own)] = 1 }
        { gets[$0] = other[base($0)] = 1 }
        END { n = split(kit, names, " "); for (i = 1; i <= n; i++) if (!(names[i] in gets) && base(names[i]) in other) print names[i] }
    ' /sandbox/out/closure)
    [ -n "$kit_names" ] || return 0
    for kit_file in $kit_names; do
        awk '/^@cwd / { prefix = $2 } !/^@/ { print prefix "/" $0 }' "$BULK_PKG_DBDIR/$kit_file/+CONTENTS"
    done >>/sandbox/out/kit-files
    # shellcheck disable=SC2086 # PKGNAMEs have no blanks
    pkg "$BULK_PREFIX/sbin/pkg_delete" -K "$BULK_PKG_DBDIR" $kit_names
}

# add_packages [WORD] FILE...: installs the packages; WORD is an option of pkg_add.
add_packages() {
    depends_option=
    case "${1:-}" in -*) depends_option=$1; shift ;; esac
    kit_leaves || return
    [ $# -gt 0 ] || return 0
    for depends_file; do
        depends_file=${depends_file##*/}
        set -- "$@" "${depends_file%"$BULK_PKG_SUFX"}"
        shift
    done
    pkg "$BULK_PREFIX/sbin/pkg_add" -K "$BULK_PKG_DBDIR" ${depends_option:+"$depends_option"} "$@"
}
