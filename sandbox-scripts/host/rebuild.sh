# shellcheck shell=sh source-path=SCRIPTDIR/..
# rebuild.sh - why a package is built again, and the record of the inputs it was built from: PACKAGES/.inputs/PKGNAME has them all,
# PACKAGES/.inputs/index a line for each package (bulkmk/outdated.awk).

[ -z "${rebuild_sourced:-}" ] || return 0
rebuild_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/inputs.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/os.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/leavings.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/run.sh"
: "${pkgname=}" "${pkgpath=}" "${target=}" "${needed=}" # set by build.sh
rebuild_words=

# rebuild_read: sets rebuild_words to the words of the package's line `#inputs` in bulk.mk.
rebuild_read() {
    rebuild_words=$(grep -F -- "#inputs $pkgname " "$BULK_MAKEFILE" |
        awk -v name="$pkgname" '$1 == "#inputs" && $2 == name { print substr($0, length(name) + 10); exit }')
}

# rebuild_inputs: prints the inputs of the package as they are now.
rebuild_inputs() {
    # shellcheck disable=SC2086 # words of bulk.mk, validated by pkgmkgen; check_settings allows no blanks in PACKAGES
    inputs "$BULK_PKGSRCDIR/$pkgpath" $rebuild_words -- $needed
}

# rebuild_differences OLD NEW [try|cascade]: prints how two lists of inputs differ, nothing if they do not. With `try` for a package that
# failed; with `cascade` another version of a dependency counts as CASCADE says.
rebuild_differences() {
    differences_try='' differences_cascade=''
    case "${3:-}" in try) differences_try=1 ;; cascade) differences_cascade=$BULK_CASCADE ;; esac
    LC_ALL=C awk -v infrastructure="$BULK_INFRASTRUCTURE" -v try="$differences_try" -v cascade="$differences_cascade" -f "$BULK_SCRIPTS/host/reasons.awk" "$1" "$2"
}

# rebuild_known LOGDIR: did the package fail before, in a run that was not killed, and has none of its inputs changed since? Sets known_phase to
# the phase in which it failed, empty if it did not, and known_differences to what has changed.
rebuild_known() {
    known_phase='' known_differences=''
    grep -Eqs '^STATUS=(failed|timed-out)$' "$1/result" || return 1
    known_phase=$(sed -n 's/^PHASE=//p' "$1/result")
    is_phase "$known_phase" || known_phase=none
    run_trusted "$(sed -n 's/^RUN=//p' "$1/result")" || return 1
    # shellcheck disable=SC2034 # for inputs.sh
    inputs_before=$1/inputs
    known_differences=$({ rebuild_inputs && inputs_fetched "$BULK_PKGSRCDIR/$pkgpath"; } | rebuild_differences "$1/inputs" - try)
    [ -z "$known_differences" ]
}

# rebuild_reason NEW: prints why the package is built, if there is an older one; NEW are its inputs.
rebuild_reason() {
    [ -f "$target" ] || return 0
    reason_old=$BULK_PACKAGES/.inputs/$pkgname reason_text=
    [ ! -s "$reason_old" ] || reason_text=$(rebuild_differences "$reason_old" "$1")
    [ -n "$reason_text" ] || [ "$BULK_CASCADE" != libraries ] || [ ! -s "$reason_old" ] || reason_text=$(rebuild_lost | sed 's|.*/|library |; s|$| gone|')
    # shellcheck disable=SC2086 # as above
    [ -n "$reason_text" ] || [ -z "$needed" ] ||
        reason_text=$(find $needed -newer "$target" | sed -n "1{s|.*/||; s|$BULK_PKG_SUFX\$|, a dependency, is newer|p;}")
    printf '%s\n' "${reason_text:-a dependency was built again, or make was told to}"
}

# rebuild_record INPUTS FILE: records them for FILE, the package, which has the same inode when it is in its place. Called before that:
# a package is never there without its line in the index, however the build is killed. rebuild_recorded: called when it is there.
rebuild_record() (
    to=$BULK_PACKAGES/.inputs
    mkdir -p -- "$to" || exit
    words=$rebuild_words
    files=FILES=$(sed -n 's/^file //p' "$1" | inputs_digests | cut -c1-16)
    case " $words " in
    *" $files "*) ;;
    *" FILES="*)
        grep -Fqsx "dir $pkgpath" "$BULK_RUNDIR/older" || say note "$pkgpath changed after $BULK_MAKEFILE was made: make -f $BULK_MAKEFILE regenerate"
        words=$(printf '%s\n' "$words" | sed "s/FILES=[^ ]*/$files/")
        ;;
    *) words="$files $words" ;;
    esac
    sum=$(os_sha256 "$2") || exit
    {
        grep -v '^try ' "$1"
        rebuild_libraries "$2"
    } >"$to/$pkgname.new" || exit
    identity=$(grep -E '^(prefix|compiler|base|kit|mk\.conf|mk\.conf-option) ' "$1")
    # shellcheck disable=SC2012 # only the first columns are read
    rebuild_line "$pkgname $(ls -dinq -- "$2" | awk '{ print $1, $6 }') $(printf '%.16s' "$sum") ${BULK_TREE_MK:--} $(printf '%s\n' "$identity" |
        identity_sum system) $(printf '%s\n' "$identity" | identity_sum conf) $words AT=$(rebuild_time)" && sync "$to/index"
)
rebuild_recorded() { mv -f -- "$BULK_PACKAGES/.inputs/$pkgname.new" "$BULK_PACKAGES/.inputs/$pkgname"; }

# rebuild_time: a number that is larger than those of all packages that are recorded already, whatever clocks say.
rebuild_time() { if [ -f "$BULK_PACKAGES/.inputs/index" ]; then wc -l <"$BULK_PACKAGES/.inputs/index" | tr -d ' '; else echo 0; fi; }

# rebuild_line LINE: appends it to the index, in one write; after what a crash has left of another line, in a line of its own.
rebuild_line() {
    line_before=
    [ ! -s "$BULK_PACKAGES/.inputs/index" ] || [ -z "$(tail -c 1 "$BULK_PACKAGES/.inputs/index")" ] || line_before='
'
    printf '%s%s\n' "$line_before" "$1" >>"$BULK_PACKAGES/.inputs/index"
}

# rebuild_libraries FILE: the shared libraries of the package, as lines: `provides` and `requires` as it says itself, `library` for each that
# it requires and a direct dependency provides.
rebuild_libraries() {
    libraries_own=$(package_libraries "$1")
    [ -n "$libraries_own" ] || return 0
    printf '%s\n' "$libraries_own"
    # shellcheck disable=SC2086 # check_settings allows no blanks in PACKAGES
    { rebuild_provides $needed; printf '%s\n' "$libraries_own" | sed -n 's/^requires //p'; } |
        awk '$1 == "provides" { there[$2]; next } $1 in there && !said[$1]++ { print "library", $1 }'
}

# rebuild_provides FILE...: the lines `provides` of packages.
rebuild_provides() {
    for provides_file; do
        provides_name=${provides_file##*/}
        provides_list=$BULK_PACKAGES/.inputs/${provides_name%"$BULK_PKG_SUFX"}
        if [ -f "$provides_list" ]; then cat -- "$provides_list"; else package_libraries "$provides_file"; fi
    done | grep '^provides ' || :
}

# rebuild_lost: prints the first library that the package requires and that no direct dependency provides any more.
rebuild_lost() {
    # shellcheck disable=SC2086 # as above
    { rebuild_provides $needed; cat -- "$BULK_PACKAGES/.inputs/$pkgname"; } |
        awk '$1 == "provides" { there[$2] } $1 == "library" && !($2 in there) { print $2; exit }'
}

# rebuild_kept: CASCADE=libraries and no: is a package that make would build again, since a dependency is newer, up to date nevertheless?
# If so, it becomes as new as its dependencies, and its record is that of now.
rebuild_kept() {
    [ "$BULK_CASCADE" != all ] && [ -z "$BULK_RETRY" ] && [ -s "$target" ] && [ -s "$BULK_PACKAGES/.inputs/$pkgname" ] || return 1
    kept_inputs=$BULK_PACKAGES/.inputs/$pkgname.now
    rebuild_inputs >"$kept_inputs"
    kept_differences=$(rebuild_differences "$BULK_PACKAGES/.inputs/$pkgname" "$kept_inputs" cascade)
    [ -n "$kept_differences" ] || [ "$BULK_CASCADE" = no ] || kept_differences=$(rebuild_lost)
    [ -z "$kept_differences" ] || { rm -f -- "$kept_inputs"; return 1; }
    # shellcheck disable=SC2086 # as above
    while kept_newer=$(find $needed -newer "$target" | sed -n 1p) && [ -n "$kept_newer" ]; do touch -r "$kept_newer" -- "$target"; done
    { rebuild_record "$kept_inputs" "$target" && rebuild_recorded; } || machine_failure "cannot write below $BULK_PACKAGES/.inputs" "check permissions and free space of PACKAGES"
    rm -f -- "$kept_inputs"
    say kept "$pkgname: what it needs of its dependencies is still there (CASCADE=$BULK_CASCADE)"
}
