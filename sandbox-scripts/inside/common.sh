# shellcheck shell=sh source-path=SCRIPTDIR/..
# inside/common.sh - sourced first by the scripts inside a sandbox: reads the arguments
#   PKGNAME PKGPATH [KEY=VALUE...] -- FILE...
# (the FILEs remain as the positional parameters), writes mk.conf, defines functions that run commands.
# shellcheck disable=SC2034 # read by the scripts that source this

[ -z "${inside_common_sourced:-}" ] || return 0
inside_common_sourced=yes

# shellcheck source=/dev/null
. "/sandbox/scripts/os/$BULK_OS-inside.sh"
pkgname=$1 pkgpath=$2
shift 2
multi_version='' use_destdir=user-destdir build_as=user usergroup_phase='' bootstrap_pkg=''
while [ "$1" != -- ]; do
    case $1 in
    MULTI_VERSION=*) multi_version="$multi_version ${1#*=}" ;;
    USE_DESTDIR=*) use_destdir=${1#*=} ;;
    USERGROUP_PHASE=*) usergroup_phase=${1#*=} ;;
    BOOTSTRAP_PKG=*) bootstrap_pkg=${1#*=} ;;
    *) printf 'pkgmkgen: unknown word %s\n' "$1" >&2; exit 75 ;;
    esac
    shift
done
shift
case $use_destdir in user-destdir | destdir) ;; *) build_as=root ;; esac
path=$BULK_PREFIX/sbin:$BULK_PREFIX/bin:${os_path:-/usr/sbin:/usr/bin:/sbin:/bin}
log=/sandbox/log phase_log=/dev/null compiling='' pooling=
run_not= # if set, `run` only logs the command, and this reason
machine=75 # the status if a step of ours fails; changed once code of the package has run, since that may be the cause

# run AS DIR COMMAND...: runs COMMAND in DIR with an empty environment as os_as_AS, appending to the phase's log, which
# first gets the command line, so that it can be repeated by hand. Returns the status of the command.
run() {
    run_as=$1 run_dir=$2
    shift 2
    [ -z "$compiling" ] || set -- ${BULK_DISTCC:+"DISTCC_HOSTS=$BULK_DISTCC" "DISTCC_DIR=$compile_dir.$run_as" \
        "DISTCC_LOG=$compile_dir.$run_as/distcc"} ${BULK_CCACHE_DIR:+CCACHE_DIR=/sandbox/ccache "CCACHE_STATSLOG=$compile_dir.$run_as/ccache"} \
        ${compile_prefix:+"CCACHE_PREFIX=$compile_prefix"} "$@"
    set -- env -i "PATH=$path" HOME=/sandbox/work LC_ALL=C TERM=dumb MAKECONF=/sandbox/mk.conf ${pooling:+PKGMKGEN_POOL=yes} "$@"
    {
        case $run_as in user) run_user=$BULK_BUILD_USER ;; *) run_user=root ;; esac
        printf '# %s, user %s, directory %s\n# ' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$run_user" "$run_dir"
        for run_word; do
            case $run_word in *[!A-Za-z0-9@%+=:,./_-]* | '') printf "'%s' " "$run_word" ;; *) printf '%s ' "$run_word" ;; esac
        done
        printf '\n'
        [ -z "$run_not" ] || printf '# not started: %s\n' "$run_not"
    } >>"$phase_log"
    [ -z "$run_not" ] || return 0
    run_status=0
    {
        cd -- "$run_dir" && "os_as_$run_as" "$@"
    } </dev/null >>"$phase_log" 2>&1 || run_status=$?
    [ "$run_status" -ne 75 ] || run_status=1 # a package cannot report a failure of the machine
    return "$run_status"
}

# make_ AS TARGET...: runs make in the directory of the package with the arguments that pbulk uses. make_behind does so after the phase
# `configure`, without a make that would do nothing but start another (told_barrier).
make_() {
    make_as=$1
    shift
    # shellcheck disable=SC2086 # words of NAME=value, validated by pkgmkgen
    run "$make_as" "$BULK_PKGSRCDIR/$pkgpath" $make_words "$BULK_BMAKE" "$@" BATCH=1 DEPENDS_TARGET=/nonexistent $multi_version \
        WRKLOG=/sandbox/work.log
}
make_words=
make_behind() {
    [ -n "$told_behind" ] || { make_ "$@"; return; }
    make_status=0 make_words=$told_behind
    make_ "$@" _PKGSRC_BARRIER=yes ALLOW_VULNERABLE_PACKAGES= || make_status=$?
    [ "$make_status" -eq 0 ] || make_ "$1" barrier-error-check _PKGSRC_BARRIER=yes || : # prints messages, as the other make would
    make_words=
    return "$make_status"
}

# fetching TARGET [NAME=VALUE...]: makes TARGET with the network, and only then with a writable DISTDIR; fetched files go to the scratch
# space. From there the host moves them by rename (two packages may fetch the same file).
fetching() {
    if [ -e /sandbox/work/.fetched ] || [ -h /sandbox/work/.fetched ]; then rm -rf -- /sandbox/work/.fetched 2>/dev/null; fi
    os_writable "$BULK_DISTDIR" /sandbox/work/.fetched ||
        { printf 'pkgmkgen: cannot overlay %s\n' "$BULK_DISTDIR" >>"${log}/checksum.log"; exit "$machine"; }
    fetching_status=0
    make_ root_with_network "$@" || fetching_status=$?
    os_kill_others
    os_read_only "$BULK_DISTDIR"
    ! fetched || {
        # shellcheck disable=SC2086
        (cd "$BULK_PKGSRCDIR/$pkgpath" && os_as_root env -i "PATH=$path" HOME=/sandbox/work LC_ALL=C MAKECONF=/sandbox/mk.conf \
            "$BULK_BMAKE" show-var VARNAME=DISTINFO_FILE BATCH=1 DEPENDS_TARGET=/nonexistent $multi_version) </dev/null >/sandbox/out/distinfo 2>>"$phase_log"
        cp -R /sandbox/work/.fetched/files /sandbox/out/distfiles
    } || return 1
    return "$fetching_status"
}

# fetched: has a file come? Without names in that directory no program is needed to know.
fetched() {
    for fetched_file in /sandbox/work/.fetched/files/* /sandbox/work/.fetched/files/.[!.]* /sandbox/work/.fetched/files/..?*; do
        [ ! -e "$fetched_file" ] || [ -z "$(find /sandbox/work/.fetched/files -type f | head -n 1)" ] || return 0
    done
    return 1
}

# unable WHAT REMEDY: this machine cannot build. Only before a command of a package has run.
unable() {
    printf 'pkgmkgen: %s\n  fix: %s\n' "$1" "$2" >&2
    exit 75
}
for tool in "$BULK_BMAKE" "$BULK_PREFIX/sbin/pkg_add"; do
    [ -x "$tool" ] || unable "no $tool in the sandbox" "set BOOTSTRAP_KIT (and BMAKE, PREFIX)"
done
os_user_reads "$BULK_PKGSRCDIR/mk/bsd.pkg.mk" || unable "the build user cannot read $BULK_PKGSRCDIR/mk" "chmod -R a+rX $BULK_PKGSRCDIR"

# shellcheck source=/dev/null
. /sandbox/scripts/inside/told.sh

# unfit TEXT: the directory of the package cannot be used: a failure of the package.
unfit() {
    machine=2
    printf 'pre-clean\n' >/sandbox/out/phase
    printf 'ERROR: %s\n' "$1" | tee "$log/pre-clean.log" >"$log/fetch.log"
    exit 2
}

# pool_conf: prints the lines of mk.conf by which the phase `build` takes its jobs from the pool (host/pool.sh).
pool_conf() {
    cat <<'CONF'
.if defined(PKGMKGEN_POOL) && !defined(MAKE_JOBS)
.  if defined(PKGSRC_SETENV)
MAKE_JOBS=${:!/bin/sh /sandbox/scripts/inside/jobs.sh share!}
.  else
PKGSRC_SETENV=/bin/sh /sandbox/scripts/inside/jobs.sh join ${SETENV}
MAKE_JOBS=${:!/bin/sh /sandbox/scripts/inside/jobs.sh share ${MAKE_PROGRAM}!}
.  endif
.endif
CONF
}

# dead_links: links of the package to files outside the tree, which the sandbox does not have: without the patches pkgsrc would build
# a different package.
dead_links() {
    for dead_link in "$BULK_PKGSRCDIR/${pkgpath%/*}" "$BULK_PKGSRCDIR/$pkgpath"; do
        [ ! -h "$dead_link" ] || [ -e "$dead_link" ] || printf '%s\n' "$dead_link"
    done
    find "$BULK_PKGSRCDIR/$pkgpath/" \( -name work -o -name 'work.*' \) -prune -o -type l -exec sh -c '[ -e "$1" ] || printf "%s\n" "$1"' sh {} \; 2>/dev/null || : # the directory itself may be such a link
}
dead_link=$(dead_links)
dead_link=${dead_link%%"
"*}
[ -z "$dead_link" ] || unfit "not in the sandbox: what ${dead_link#"$BULK_PKGSRCDIR/"} links to, $(readlink -- "$dead_link"): put it into the tree"
os_user_reads "$BULK_PKGSRCDIR/$pkgpath/Makefile" || unfit "the build user cannot read $BULK_PKGSRCDIR/$pkgpath: chmod -R a+rX $BULK_PKGSRCDIR/$pkgpath"
: >/sandbox/work.log # the build user cannot reach the log directory
chown "$BULK_BUILD_USER" /sandbox/work.log
{
    user_conf=${BULK_MAKECONF:-$BULK_PREFIX/etc/mk.conf}
    printf '.if exists(%s)\n.include "%s"\n.endif\n' "$user_conf" "$user_conf"
    printf 'PKGSRCDIR=%s\nWRKOBJDIR=/sandbox/work\nPACKAGES=/sandbox/work/.packages\nDISTDIR=%s\n' "$BULK_PKGSRCDIR" "$BULK_DISTDIR"
    case $BULK_MAKE_JOBS$BULK_DISTCC_SLOTS in
    '') # after mk.conf, which may set it
        [ ! -p /sandbox/pool/ask ] || pool_conf
        printf 'MAKE_JOBS?=%s\n' "${BULK_USUAL_JOBS:-1}"
        ;;
    *) printf 'MAKE_JOBS=%s\n' "${BULK_MAKE_JOBS:-$BULK_DISTCC_SLOTS}" ;;
    esac
    printf 'DISTCC_HOSTS=%s\n' "$BULK_DISTCC" # the hosts have other names here than in mk.conf
    [ -z "$BULK_CCACHE_DIR" ] || printf 'CCACHE_DIR=/sandbox/ccache\n'
    told_conf
} >/sandbox/mk.conf
