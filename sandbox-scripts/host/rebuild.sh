# shellcheck shell=sh source-path=SCRIPTDIR/..
# rebuild.sh - why a package is built again, and the record of the inputs it was built from: PACKAGES/.inputs/PKGNAME has them all,
# PACKAGES/.inputs/index a line for each package (bulkmk/outdated.awk).

[ -z "${rebuild_sourced:-}" ] || return 0
rebuild_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/inputs.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/os.sh"
: "${pkgname=}" "${pkgpath=}" "${target=}" "${needed=}" # set by build.sh

# rebuild_words PKGNAME: prints the words of its line `#inputs` in bulk.mk.
rebuild_words() {
    grep -F -- "#inputs $1 " "$BULK_MAKEFILE" |
        awk -v name="$1" '$1 == "#inputs" && $2 == name { print substr($0, length(name) + 10); exit }'
}

# rebuild_inputs: prints the inputs of the package as they are now.
rebuild_inputs() {
    # shellcheck disable=SC2046,SC2086 # words of bulk.mk, validated by pkgmkgen; check_settings allows no blanks in PACKAGES
    inputs "$BULK_PKGSRCDIR/$pkgpath" $(rebuild_words "$pkgname") -- $needed
}

# rebuild_differences OLD NEW [try]: prints how two lists of inputs differ, nothing if they do not.
rebuild_differences() {
    LC_ALL=C awk -v infrastructure="$BULK_INFRASTRUCTURE" -v try="${3:+1}" -f "$BULK_SCRIPTS/host/reasons.awk" "$1" "$2"
}

# rebuild_reason NEW: prints why the package is built, if there is an older one; NEW are its inputs.
rebuild_reason() {
    [ -f "$target" ] || return 0
    reason_old=$BULK_PACKAGES/.inputs/$pkgname reason_text=
    [ ! -s "$reason_old" ] || reason_text=$(rebuild_differences "$reason_old" "$1")
    # shellcheck disable=SC2086 # as above
    [ -n "$reason_text" ] || [ -z "$needed" ] ||
        reason_text=$(find $needed -newer "$target" | sed -n "1{s|.*/||; s|$BULK_PKG_SUFX\$|, a dependency, is newer|p;}")
    printf '%s\n' "${reason_text:-a dependency was built again, or make was told to}"
}

# rebuild_record INPUTS: records them for the package, which has just been put in its place. A kill before that means that it is built
# again.
rebuild_record() (
    to=$BULK_PACKAGES/.inputs
    mkdir -p -- "$to" || exit
    words=$(rebuild_words "$pkgname")
    files=FILES=$(sed -n 's/^file //p' "$1" | inputs_digests | cut -c1-16)
    case " $words " in
    *" $files "*) ;;
    *" FILES="*)
        say note "$pkgpath changed after $BULK_MAKEFILE was made: run pkgmkgen again"
        words=$(printf '%s\n' "$words" | sed "s/FILES=[^ ]*/$files/")
        ;;
    *) words="$files $words" ;;
    esac
    sum=$(os_sha256 "$target") || exit
    grep -v '^try ' "$1" >"$to/$pkgname.new" && mv -f -- "$to/$pkgname.new" "$to/$pkgname" || exit
    identity=$(grep -E '^(prefix|compiler|base|kit|mk\.conf|mk\.conf-option) ' "$1")
    # shellcheck disable=SC2012 # only the first columns are read
    printf '%s %s %s %s %s %s %s\n' "$pkgname" "$(ls -dinq -- "$target" | awk '{ print $1, $6 }')" "$(printf '%.16s' "$sum")" \
        "${BULK_TREE_MK:--}" "$(printf '%s\n' "$identity" | identity_sum system)" "$(printf '%s\n' "$identity" | identity_sum conf)" \
        "$words" >>"$to/index"
)
