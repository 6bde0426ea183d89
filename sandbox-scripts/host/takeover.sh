# shellcheck shell=sh source-path=SCRIPTDIR/..
# takeover.sh - packages in PACKAGES/All without a record of their inputs: built by another builder, or copied. They are compared once, by
# the rule of pbulk, and get a record: none is built again only because it was not built here.

[ -z "${takeover_sourced:-}" ] || return 0
takeover_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/rebuild.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/digests.sh"
: "${os_tar_first=}" "${package_by=}" # set by os/SYSTEM.sh and package_packed

# takeover: compares all packages without a record. Called when a run begins, also by make -n.
takeover() {
    takeover_list=$(sh "$BULK_SCRIPTS/outdated.sh" unknown)
    if [ -z "$takeover_list" ] || ! mkdir -p -- "$BULK_PACKAGES/.inputs" 2>/dev/null || [ ! -w "$BULK_PACKAGES/.inputs" ]; then return 0; fi
    say note "$(($(printf '%s\n' "$takeover_list" | wc -l))) packages have no record of their inputs: each is compared once with the tree"
    takeover_shared=$(identity)
    takeover_sums="$(printf '%s\n' "$takeover_shared" | identity_sum system) $(printf '%s\n' "$takeover_shared" | identity_sum conf)"
    takeover_now=$(rebuild_time) # one for all: a set that was copied together is as good as it was
    takeover_tab=$(printf '\t')
    printf '%s\n' "$takeover_list" |
        awk -f "$BULK_SCRIPTS/bulkmk/taken.awk" -f "$BULK_SCRIPTS/bulkmk/rules.awk" wanted=1 - wanted='' "$BULK_MAKEFILE" |
        while IFS=$takeover_tab read -r takeover_name takeover_words takeover_needs; do
            {
                takeover_text=$(takeover_line "$takeover_name" "$BULK_PACKAGES/All/$takeover_name$BULK_PKG_SUFX" "$takeover_words" "$takeover_needs") &&
                    rebuild_line "$takeover_text"
            } || machine_failure "cannot write $BULK_PACKAGES/.inputs/index" "check permissions and free space of PACKAGES"
        done
}

# takeover_line PKGNAME FILE WORDS NEEDS: prints the line of the index for a package: as it was, if the file is a copy of the one that was
# recorded; else with the inputs of bulk.mk, but with other files or dependencies if it was made from others. If it is there in place of
# the one that was recorded last, it is younger than the packages that were built with that.
takeover_line() (
    # shellcheck disable=SC2012 # only the first columns are read
    file=$(ls -dinq -- "$2" | awk '{ print $1, $6 }') sum=$(os_sha256 "$2") || exit
    sum=$(printf '%.16s' "$sum") rest='' at=''
    [ ! -s "$BULK_PACKAGES/.inputs/index" ] || rest=$(awk -v name="$1" -v bytes="${file#* }" -v sum="$sum" -v now="$takeover_now" '
        $1 == name { known = 1; last = $3 == bytes && $4 "" == sum ""; if (last) rest = substr($0, length($1 $2 $3 $4) + 5) }
        END { if (known && !last) { sub(/ AT=[0-9]+$/, "", rest); rest = rest " AT=" now } print rest }' "$BULK_PACKAGES/.inputs/index")
    case $rest in
    '' | ' '*)
        at=$rest rest="${BULK_TREE_MK:--} $takeover_sums $3"
        for word in $(takeover_compared "$2" "$4" | cut -d' ' -f1 | LC_ALL=C sort -u); do
            rest=$(printf '%s\n' "$rest" | sed "s/ $word=[^ ]*//; s/\$/ $word=changed/")
        done
        rm -f -- "$BULK_PACKAGES/.inputs/$1"
        ;;
    esac
    printf '%s %s %s %s\n' "$1" "$file" "$sum" "$rest$at"
)

# takeover_compared FILE NEEDS: prints `FILES PATH` and `NEEDS PKGNAME` for what the package was made from and what has changed.
takeover_compared() (
    package_packed
    # shellcheck disable=SC3045 # in every shell that runs this
    ulimit -t 60
    {
        takeover_member "$1" +BUILD_VERSION
        echo '@@'
        takeover_member "$1" +CONTENTS
    } | LC_ALL=C awk -v tree="$BULK_PKGSRCDIR" -v needs="$2" -f "$BULK_SCRIPTS/host/pbulk-rule.awk" |
        while read -r word digest path; do
            case $word in
            hash) [ "$(inputs_digests "$BULK_PKGSRCDIR/$path" 2>/dev/null | cut -c1-64)" = "$digest" ] || printf 'FILES %s\n' "$path" ;;
            *) printf '%s %s\n' "$word" "$digest" ;;
            esac
        done
)

# takeover_member FILE NAME: the first megabytes of a member of a package.
takeover_member() {
    # shellcheck disable=SC2086 # no word, or one
    os_stranger tar $package_by -xOf - $os_tar_first "$2" <"$1" 2>/dev/null | dd bs=65536 count=64 2>/dev/null
}
