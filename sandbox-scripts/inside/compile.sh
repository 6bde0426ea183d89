# shellcheck shell=sh source-path=SCRIPTDIR/..
# compile.sh - inside a sandbox: compilers by distcc and ccache (see compilers.sh) between compile_begin and
# compile_end, in the way that compile_check chooses, and the counts of their jobs. Used by inside/phases.sh.
# shellcheck disable=SC2034 # read and set by inside/common.sh and inside/phases.sh

[ -z "${inside_compile_sourced:-}" ] || return 0
inside_compile_sourced=yes
# shellcheck source=/dev/null
. /sandbox/scripts/inside/common.sh
: "${user_conf=}" "${pkgpath=}" # set by inside/common.sh

# compile_check: sets compile_way, before any command of a package runs that could make distcc or ccache fail. If PKGSRC_COMPILER
# in mk.conf names one of them, pkgsrc itself puts it before the compiler, and we do not.
compile_check() {
    compile_way=
    [ -n "$BULK_DISTCC$BULK_CCACHE_DIR" ] || return 0
    case " $BULK_DISTCC" in
    *' 127.1.0.'*)
        # shellcheck disable=SC2086 # words
        os_await_relays "$(printf '%s\n' $BULK_DISTCC | grep -c '^127\.1\.0\.')" ||
            unable "cannot connect to the distcc hosts (relay.log beside the logs says why)" "repair DISTCC_HOSTS, or unset it"
        ;;
    esac
    [ -z "$BULK_DISTCC" ] || compile_way=distcc
    [ -z "$BULK_CCACHE_DIR" ] || compile_way=ccache
    case " $(compile_own) " in
    *" distcc "*) compile_way= ;;
    *" ccache "*) compile_way=${BULK_DISTCC:+distcc} ;;
    esac
    for compile_tool in ${compile_way:+"$compile_way"} ${compile_way:+${BULK_DISTCC:+distcc}}; do
        [ -x "/usr/bin/$compile_tool" ] ||
            unable "no /usr/bin/$compile_tool in the base (BASE)" "install $compile_tool there, or unset DISTCC_HOSTS and CCACHE_DIR"
    done
}

# compile_begin: from here on `run` sets the environment for distcc and ccache.
compile_begin() {
    compile_jobs=0 compile_remote=0 compile_retries=0 compile_cached=0 compile_hits=0
    [ -n "$BULK_DISTCC$BULK_CCACHE_DIR" ] || return 0
    compile_prefix=
    if [ -n "$compile_way" ]; then
        [ "$compile_way:${BULK_DISTCC:+distcc}" != ccache:distcc ] || compile_prefix=/usr/bin/distcc
        path=/sandbox/compilers/$compile_way:$path
    fi
    compile_dir=/sandbox/work/.compile
    mkdir -- "$compile_dir.user" "$compile_dir.root"
    chown "$BULK_BUILD_USER" "$compile_dir.user"
    compiling=yes
}

# compile_own: PKGSRC_COMPILER of this package, if mk.conf may have set it.
compile_own() {
    grep -Eqs 'PKGSRC_COMPILER|^\.[[:space:]]*[-s]?include' "$user_conf" || return 0
    (cd -- "$BULK_PKGSRCDIR/$pkgpath" && os_as_user env -i "PATH=$path" HOME=/sandbox/work LC_ALL=C MAKECONF=/sandbox/mk.conf \
        "$BULK_BMAKE" show-var VARNAME=PKGSRC_COMPILER BATCH=1 DEPENDS_TARGET=/nonexistent) </dev/null 2>/dev/null || :
}

# compile_tally: counts the jobs in the logs of distcc and ccache (1 kB a job) when all processes of a phase have ended, and empties
# the logs.
compile_tally() {
    [ -n "$compiling" ] || return 0
    for compile_log in "$compile_dir.user/distcc" "$compile_dir.root/distcc" "$compile_dir.user/ccache" "$compile_dir.root/ccache"; do
        if [ ! -s "$compile_log" ] || [ ! -f "$compile_log" ] || [ -h "$compile_log" ]; then continue; fi
        read -r compile_a compile_b compile_c compile_d compile_e <<COUNTS
$(LC_ALL=C awk -f /sandbox/scripts/inside/compile.awk "$compile_log")
COUNTS
        compile_jobs=$((compile_jobs + compile_a)) compile_remote=$((compile_remote + compile_b))
        compile_retries=$((compile_retries + compile_c)) compile_cached=$((compile_cached + compile_d))
        compile_hits=$((compile_hits + compile_e))
        rm -f -- "$compile_log"
    done
}

# compile_facts: prints the counts as facts of the result.
compile_facts() {
    [ -z "$BULK_DISTCC" ] || printf '%s\n' "DISTCC_JOBS=$compile_jobs" "DISTCC_REMOTE=$compile_remote" "DISTCC_RETRIES=$compile_retries"
    [ -z "$BULK_CCACHE_DIR" ] || printf '%s\n' "CCACHE_JOBS=$compile_cached" "CCACHE_HITS=$compile_hits"
}

# compile_end: the compilers are again those of the base.
compile_end() {
    path=${path#"/sandbox/compilers/${compile_way:-}:"}
    compiling=
}
