# shellcheck shell=sh source-path=SCRIPTDIR/..
# from.sh - PACKAGES_FROM: takes a package from a repository, a directory or a URL, if it is what would be built here. The repository's
# pkg_summary and checksums are read once a run. Everything that comes from there is a stranger's data.

[ -z "${from_sourced:-}" ] || return 0
from_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/settings.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/run.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/save.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/takeover.sh"
: "${pkgname=}" "${outdir=}" "${needed=}" "${run_shared=}" "${rebuild_words=}" # set by build.sh, run_identity and rebuild_read

# from_take: puts the package into outdir/built; outdir/closure has its dependencies. If it does not fit, returns 1 after one line
# that says why.
from_take() {
    from_package=$pkgname$BULK_PKG_SUFX from_file=$outdir/built/$pkgname$BULK_PKG_SUFX from_why=''
    package_packed
    from_check
    from_open
    from_fits
    [ -n "$from_why" ] || return 0
    rm -f -- "$from_file"
    disk_guard
    say "not taken" "$pkgname from $BULK_PACKAGES_FROM: $(printf '%s' "$from_why" | LC_ALL=C tr -c ' -~' '?' | cut -c1-200)"
    return 1
}

# from_check: sets from_repository to the place with the packages; halts the run if PACKAGES_FROM cannot be one.
from_check() {
    from_repository=${BULK_PACKAGES_FROM%/}
    case $from_repository in
    *[!A-Za-z0-9%+,./:=@_~-]*) false ;;
    http://?* | https://?* | ftp://?*)
        command -v curl || command -v wget || command -v fetch || command -v ftp ||
            machine_failure "PACKAGES_FROM=$BULK_PACKAGES_FROM: no program to fetch it" "install curl or wget, or use a directory"
        ;;
    /*)
        [ ! -d "$from_repository/All" ] || from_repository=$from_repository/All
        [ "$(cd -- "$from_repository" 2>/dev/null && pwd -P)" != "$(cd -- "$BULK_PACKAGES/All" && pwd -P)" ] ||
            machine_failure "PACKAGES_FROM=$BULK_PACKAGES_FROM is the directory of PACKAGES" "use another repository"
        ;;
    *) false ;;
    esac >/dev/null || machine_failure "PACKAGES_FROM=$BULK_PACKAGES_FROM is no repository" "use the absolute path of a directory, or a URL (http, https, ftp)"
}

# from_get NAME FILE: copies a file of the repository; fails if there is none.
from_get() {
    case $from_repository in
    /*) [ -f "$from_repository/$1" ] && cat -- "$from_repository/$1" >"$2" ;;
    *)
        {
            os_contain sh "$BULK_SCRIPTS/host/download.sh" "$from_repository/$1"
        } >"$2" 2>"$outdir/download" </dev/null &
        os_child=$! from_status=0
        wait "$os_child" || from_status=$?
        os_child=
        return "$from_status"
        ;;
    esac 2>/dev/null
}

# from_unpack FILE NAME: prints the content of FILE, compressed as its NAME says.
from_unpack() {
    case $2 in
    *.gz) os_stranger gzip -dc ;;
    *.bz2) os_stranger bzip2 -dc ;;
    *) cat ;;
    esac <"$1" 2>/dev/null | head -c 1000000000
}

# from_open: sets from_known to a directory that has `summary` and `sums` of the repository, as far as it has them, and `here`, what is
# known of this machine. Builds that start together may each read them: the last rename counts.
from_open() {
    from_known=$run_shared/from/$(printf '%s' "$from_repository" | cksum | tr ' ' -)
    [ ! -f "$from_known/here" ] || return 0
    mkdir -p -- "$from_known" || machine_failure "cannot create directory $from_known" "check permissions and free space of SANDBOXDIR"
    from_first summary pkg_summary.gz pkg_summary.bz2 pkg_summary
    [ -f "$from_known/summary" ] || tail -n 1 "$outdir/download" >"$from_known/fault" 2>/dev/null || :
    from_first sums SHA512.gz SHA512.bz2 SHA512 SHA256
    from_here >"$outdir/here" && mv -f -- "$outdir/here" "$from_known/here"
}

# from_first FILE NAME...: FILE gets the content of the first NAME that the repository has.
from_first() {
    from_to=$1
    shift
    for from_name; do
        from_get "$from_name" "$outdir/$from_to" || continue
        from_unpack "$outdir/$from_to" "$from_name" >"$outdir/$from_to.new"
        [ ! -s "$outdir/$from_to.new" ] || { mv -f -- "$outdir/$from_to.new" "$from_known/$from_to"; return; }
    done
}

# from_here: KEY=VALUE lines that a package made here would have in its build information. Those of the kit's packages tell what the
# system does not.
from_here() {
    from_kit=$BULK_KIT
    [ ! -f "$from_kit" ] || from_kit=$BULK_SANDBOXDIR/layers/kit-$(os_sha256 "$from_kit")
    cat -- "$from_kit$BULK_PKG_DBDIR"/pkg_install-*/+BUILD_INFO 2>/dev/null | head -n 1000 |
        grep -E '^(MACHINE_ARCH|ABI|OBJECT_FMT|GLIBC_VERSION|PKG_SYSCONFBASEDIR|PKGMANDIR|PKGINFODIR)=' || :
    from_arch=$(uname -p 2>/dev/null)
    case $from_arch in '' | unknown | *[!A-Za-z0-9_]*) from_arch=$(uname -m) ;; esac
    case $from_arch in i[3-6]86) from_arch=i386 ;; amd64) from_arch=x86_64 ;; esac
    printf '%s\n' "OPSYS=$(uname -s)" "OS_VERSION=$(uname -r | sed 's/[-(].*//')" "MACHINE_ARCH=$from_arch" "LOCALBASE=$BULK_PREFIX"
}

# from_fits: sets from_why to why the package cannot be taken, first by pkg_summary, then by the package itself.
from_fits() {
    if [ -s "$from_known/summary" ]; then
        LC_ALL=C awk -v want="PKGNAME=$pkgname" 'BEGIN { RS = ""; FS = "\n" }
            { for (i = 1; i <= NF; i++) if ($i == want) { print; exit } }' "$from_known/summary" >"$outdir/record"
        if [ -s "$outdir/record" ]; then from_why=$(from_compare "$outdir/record"); else from_why="it is not in pkg_summary"; fi
    else
        : >"$outdir/record"
        case $from_repository in /*) ;; *) from_why="cannot get pkg_summary: $(cat -- "$from_known/fault")" ;; esac
    fi
    [ -z "$from_why" ] || return 0
    from_get "$from_package" "$from_file" || {
        from_why="cannot get $from_package"
        [ ! -s "$outdir/download" ] || from_why="$from_why: $(tail -n 1 "$outdir/download")"
        return 0
    }
    from_why=$(from_sums)
    [ -n "$from_why" ] || from_why=$(package_fault "$from_file" "$pkgname")
    [ -z "$from_why" ] || return 0
    from_information >"$outdir/information"
    from_why=$(from_compare "$outdir/information" own)
    [ -n "$from_why" ] || from_why=$(takeover_compared "$from_file" "$(from_needs)" | sed -n '1s/^FILES /made from another /p')
    [ -n "$from_why" ] || from_why=$(from_libraries)
}
from_information() (
    # shellcheck disable=SC3045 # in every shell that runs this
    ulimit -t 60
    takeover_member "$from_file" +BUILD_INFO
    takeover_member "$from_file" +CONTENTS | sed -n 's/^@pkgdep /DEPENDS=/p; s/^@blddep /BUILT_WITH=/p'
)
from_needs() {
    for needs_file in $needed; do
        needs_file=${needs_file##*/}
        printf '%s ' "${needs_file%"$BULK_PKG_SUFX"}"
    done
}

# from_compare FILE [own]: prints how KEY=VALUE lines of a package differ from what it would have here; with `own` these are its own.
from_compare() {
    compare_options=-
    case " $rebuild_words " in
    *" OPTIONS="*)
        compare_options=${rebuild_words##*OPTIONS=}
        compare_options=${compare_options%% *}
        ;;
    esac
    LC_ALL=C awk -v file="$from_package" -v options="$compare_options" -v needs="$(from_needs)" -v own="${2:-}" \
        -f "$BULK_SCRIPTS/repository/pattern.awk" -f "$BULK_SCRIPTS/host/from.awk" here=1 "$from_known/here" here='' "$1"
}

# from_sums: prints how size or checksum differ from those that the repository says.
from_sums() (
    bytes=$(wc -c <"$from_file" | tr -d ' ')
    size=$(sed -n 's/^FILE_SIZE=\([0-9]*\)$/\1/p' "$outdir/record" | head -n 1)
    [ -z "$size" ] || [ "$size" = "$bytes" ] || { echo "it has $bytes bytes, pkg_summary says $size"; exit; }
    {
        sed -n 's/^FILE_CKSUM=//p' "$outdir/record" | awk 'NF == 2 { print toupper($1), $2 }'
        [ ! -s "$from_known/sums" ] || awk -v file="($from_package)" '$2 == file && NF == 4 { print $1, $4; found = 1 } END { if (!found) print "none" }' "$from_known/sums"
    } | while read -r algorithm digest; do
        case $algorithm in
        none) echo "it is not in the list of checksums" ;;
        SHA1 | SHA256 | SHA512)
            [ "$(printf '%s\n' "$from_file" | digests "$algorithm" | cut -d' ' -f1)" = "$digest" ] || echo "its $algorithm is not that of the repository" ;;
        esac
    done | head -n 1
)

# from_libraries: prints the first shared library that the package requires and that would not be there.
from_libraries() (
    base=$BULK_BASE
    [ "$base" != host ] || base=''
    packages=
    while IFS= read -r name; do packages="$packages $BULK_PACKAGES/All/$name$BULK_PKG_SUFX"; done <"$outdir/closure"
    # shellcheck disable=SC2086 # check_settings allows no blanks in PACKAGES
    { package_libraries "$from_file"; rebuild_provides $packages; } | awk '{ path[$2] = 1; if ($1 == "provides") there[$2]; else wanted[$2] }
        END { for (name in wanted) if (!(name in there)) print name }' | LC_ALL=C sort | while IFS= read -r path; do
        case $path in
        "$BULK_PREFIX"/*) ;;
        *) if [ -f "$base" ] || [ -e "$base$path" ]; then continue; fi ;; # not looked for in an archive
        esac
        printf 'it requires the library %s, which would not be there\n' "$path"
    done | head -n 1
)
