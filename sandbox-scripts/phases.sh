#!/bin/sh
# shellcheck source-path=SCRIPTDIR
# phases.sh PKGNAME PKGPATH [KEY=VALUE...] -- FILE... - builds one package inside its sandbox, in pbulk's steps with
# pbulk's arguments and users. Run as the first process of the sandbox by os/*-enter.sh; BULK_* are bulk.mk's settings.
# Leaves in /bulk/out: `phases` (a line a phase: name, seconds, CPU seconds), `phase` (the one at work or the last),
# `facts` (KEY=VALUE), PKGNAME with the suffix when all went well, distfiles/ with what was fetched. Logs in /bulk/log.
# Exit: 0 built; 1 the package failed; 75 the machine failed; 137 something was killed from outside.
set -eu
umask 022
# shellcheck source=os/Linux-inside.sh
. "/bulk/scripts/os/$(uname -s)-inside.sh"
pkgname=$1 pkgpath=$2
shift 2
multi_version='' use_destdir=user-destdir build_as=user install_as=user usergroup_phase='' bootstrap_pkg=''
while [ "$1" != -- ]; do
    case $1 in
    MULTI_VERSION=*) multi_version="$multi_version ${1#*=}" ;;
    USE_DESTDIR=*) use_destdir=${1#*=} ;;
    USERGROUP_PHASE=*) usergroup_phase=${1#*=} ;;
    BOOTSTRAP_PKG=*) bootstrap_pkg=${1#*=} ;;
    *) printf 'pkgmkgen: phases.sh: what is %s?\n' "$1" >&2; exit 75 ;;
    esac
    shift
done
shift
case $use_destdir in
user-destdir) ;;
destdir) install_as=root ;;
*) build_as=root install_as=root ;;
esac
path=$BULK_PREFIX/sbin:$BULK_PREFIX/bin:/usr/sbin:/usr/bin:/sbin:/bin
log=/bulk/log

# run AS DIR COMMAND...: runs COMMAND in DIR with an empty environment as os_as_AS, appending to the phase's log, which
# first says what it runs so that it can be repeated by hand. The status is the command's.
run() {
    run_as=$1 run_dir=$2
    shift 2
    set -- env -i "PATH=$path" HOME=/scratch LC_ALL=C TERM=dumb MAKECONF=/bulk/mk.conf "$@"
    {
        case $run_as in user) run_user=$BULK_BUILD_USER ;; *) run_user=root ;; esac
        printf '# %s, user %s, directory %s\n# ' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$run_user" "$run_dir"
        for run_word; do
            case $run_word in *[!A-Za-z0-9@%+=:,./_-]* | '') printf "'%s' " "$run_word" ;; *) printf '%s ' "$run_word" ;; esac
        done
        printf '\n'
    } >>"$phase_log"
    (cd -- "$run_dir" && "os_as_$run_as" "$@") </dev/null >>"$phase_log" 2>&1
}

# make_ AS TARGET...: a make in the package's directory with the arguments that pbulk gives.
make_() {
    make_as=$1
    shift
    # shellcheck disable=SC2086 # words of NAME=value, validated by pkgmkgen
    run "$make_as" "$BULK_PKGSRCDIR/$pkgpath" "$BULK_BMAKE" "$@" BATCH=1 DEPENDS_TARGET=/nonexistent $multi_version \
        "WRKLOG=$log/work.log"
}

# pkg WORD...: a package tool as root, finding binary packages among the resolved dependencies only.
pkg() { run root / "PKG_PATH=/bulk/repo" "$@"; }

# phase NAME FUNCTION ARG...: a phase with its log, time and CPU time; a failure ends the build. Nothing that a phase
# leaves running lives into the next one.
phase() {
    phase_name=$1 phase_log=$log/$1.log
    shift
    printf '%s\n' "$phase_name" >/bulk/out/phase
    os_now; phase_start=$now_seconds
    phase_status=0
    "$@" || phase_status=$?
    os_kill_others
    os_now; times >/bulk/out/times
    printf '%s %s %s %s\n' "$phase_name" "$phase_start" "$now_seconds" "$(sed -n '2s/[ms]/ /gp' /bulk/out/times)" >>/bulk/out/phases
    [ "$phase_status" -eq 0 ] || finish "$phase_status"
}

# finish STATUS: the sizes, then out. What was killed by signal 9 was not killed by the package itself.
finish() {
    printf 'WRKDIR_KB=%s\n' "$(du -skx /scratch | cut -f1)" >>/bulk/out/facts
    [ "$(df -kP /scratch | awk 'NR > 1 { print int($4) }')" -ge 64 ] ||
        printf 'REASON=no space left in the scratch directory: see SCRATCH and SCRATCH_SIZE\n' >>/bulk/out/facts
    case $1 in 0 | 75 | 137) exit "$1" ;; *) exit 1 ;; esac
}

usergroup() {
    case $1:$usergroup_phase in
    configure:*configure) make_ root create-usergroup && make_ root clean ;;
    build:*build | install:pre-install) make_ root create-usergroup ;;
    esac
}
depends() {
    [ $# -gt 0 ] || return 0
    # shellcheck disable=SC2046 # PKGNAMEs have no blanks
    (cd "$BULK_PACKAGES/All" && ln -s $(sed "s|.*|$PWD/&$BULK_PKG_SUFX|" /bulk/out/closure) /bulk/repo) || return 75
    for depends_file; do
        depends_file=${depends_file##*/}
        set -- "$@" "${depends_file%"$BULK_PKG_SUFX"}"
        shift
    done
    pkg "$BULK_PREFIX/sbin/pkg_add" -K "$BULK_PKG_DBDIR" "$@"
}
checksum() {
    make_ root_with_network checksum || return
    if [ -n "$(find /scratch/.fetched/files -type f)" ]; then cp -R /scratch/.fetched/files /bulk/out/distfiles; fi
}
configure() { usergroup configure && make_ "$build_as" configure; }
build() { usergroup build && make_ "$build_as" all; }
install_() { usergroup install && make_ "$install_as" stage-install; }
package() {
    make_ root stage-package-create || return
    # shellcheck disable=SC2086
    file=$(cd "$BULK_PKGSRCDIR/$pkgpath" && os_as_root env -i "PATH=$path" HOME=/scratch LC_ALL=C MAKECONF=/bulk/mk.conf \
        "$BULK_BMAKE" show-var VARNAME=STAGE_PKGFILE BATCH=1 DEPENDS_TARGET=/nonexistent $multi_version) </dev/null 2>>"$phase_log"
    case $file in
    */"$pkgname$BULK_PKG_SUFX") [ -s "$file" ] ;;
    *) false ;;
    esac || { printf 'STAGE_PKGFILE is "%s", not a package named %s\n' "$file" "$pkgname$BULK_PKG_SUFX" >>"$phase_log"; return 1; }
}
deinstall() {
    [ -z "$bootstrap_pkg" ] || return 0
    pkg "$BULK_PREFIX/sbin/pkg_add" -K "$BULK_PKG_DBDIR" "$file" && pkg "$BULK_PREFIX/sbin/pkg_delete" -K "$BULK_PKG_DBDIR" "$pkgname"
}

for tool in "$BULK_BMAKE" "$BULK_PREFIX/sbin/pkg_add"; do
    [ -x "$tool" ] || { printf 'pkgmkgen: no %s in the sandbox: set BOOTSTRAP_KIT (and BMAKE, PREFIX)\n' "$tool" >&2; exit 75; }
done
: >"$log/work.log"
chown "$BULK_BUILD_USER" "$log/work.log"
{
    user_conf=${BULK_MAKECONF:-$BULK_PREFIX/etc/mk.conf}
    printf '.if exists(%s)\n.include "%s"\n.endif\n' "$user_conf" "$user_conf"
    printf 'PKGSRCDIR=%s\nWRKOBJDIR=/scratch\nPACKAGES=/scratch/.packages\nDISTDIR=%s\n' "$BULK_PKGSRCDIR" "$BULK_DISTDIR"
    [ -z "$BULK_MAKE_JOBS" ] || printf 'MAKE_JOBS=%s\n' "$BULK_MAKE_JOBS"
} >/bulk/mk.conf

phase pre-clean make_ root clean
phase depends depends "$@"
phase checksum checksum
phase configure configure
phase build build
phase install install_
phase package package
phase deinstall deinstall
cp -- "$file" "/bulk/out/$pkgname$BULK_PKG_SUFX"
phase clean make_ root clean
finish 0
