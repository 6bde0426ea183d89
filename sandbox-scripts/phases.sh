#!/bin/sh
# shellcheck source-path=SCRIPTDIR
# phases.sh PKGNAME PKGPATH [KEY=VALUE...] -- FILE... - builds one package inside its sandbox, in pbulk's steps with
# pbulk's arguments and users. Run as the first process of the sandbox by os/*-enter.sh; BULK_* are bulk.mk's settings.
# Leaves in /sandbox/out: `phases` (a line a phase: name, seconds, CPU seconds), `phase` (the one at work or the last),
# `facts` (KEY=VALUE), PKGNAME with the suffix when all went well, distfiles/ with what was fetched. Logs in /sandbox/log.
# Exit: 0 built; 1 the package failed; 75 the machine failed; 137 something was killed from outside.
set -eu
umask 022
# shellcheck source=lib/inside.sh
. /sandbox/scripts/lib/inside.sh
install_as=$build_as
[ "$use_destdir" = user-destdir ] || install_as=root

# pkg WORD...: a package tool as root, finding binary packages among the resolved dependencies only.
pkg() { run root / "PKG_PATH=/sandbox/repo" "$@"; }

# phase NAME FUNCTION ARG...: a phase with its log, time and CPU time; a failure ends the build. Nothing that a phase
# leaves running lives into the next one.
phase() {
    phase_name=$1 phase_log=$log/$1.log
    shift
    printf '%s\n' "$phase_name" >/sandbox/out/phase
    os_now; phase_start=$now_seconds
    phase_status=0
    "$@" || phase_status=$?
    os_kill_others
    os_now; times >/sandbox/out/times
    printf '%s %s %s %s\n' "$phase_name" "$phase_start" "$now_seconds" "$(sed -n '2s/[ms]/ /gp' /sandbox/out/times)" >>/sandbox/out/phases
    [ "$phase_status" -eq 0 ] || finish "$phase_status"
}

work_size() { printf 'WRKDIR_KB=%s\n' "$(du -skx /sandbox/work | cut -f1)" >>/sandbox/out/facts; }

# finish STATUS: out. What was killed by signal 9 was not killed by the package itself.
finish() {
    [ "$1" -eq 0 ] || work_size
    [ "$(df -kP /sandbox/work | awk 'NR > 1 { print int($4) }')" -ge 64 ] ||
        printf 'REASON=no space left in the scratch directory: see SCRATCH and SCRATCH_SIZE\n' >>/sandbox/out/facts
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
    (cd "$BULK_PACKAGES/All" && ln -s $(sed "s|.*|$PWD/&$BULK_PKG_SUFX|" /sandbox/out/closure) /sandbox/repo) || return 75
    for depends_file; do
        depends_file=${depends_file##*/}
        set -- "$@" "${depends_file%"$BULK_PKG_SUFX"}"
        shift
    done
    pkg "$BULK_PREFIX/sbin/pkg_add" -K "$BULK_PKG_DBDIR" "$@"
}
checksum() { make_ root_with_network checksum && keep_distfiles; }
configure() { usergroup configure && make_ "$build_as" configure; }
build() { usergroup build && make_ "$build_as" all; }
install_() { usergroup install && make_ "$install_as" stage-install; }
package() {
    make_ root stage-package-create || return
    # shellcheck disable=SC2086
    file=$(cd "$BULK_PKGSRCDIR/$pkgpath" && os_as_root env -i "PATH=$path" HOME=/sandbox/work LC_ALL=C MAKECONF=/sandbox/mk.conf \
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

phase pre-clean make_ root clean
phase depends depends "$@"
phase checksum checksum
phase configure configure
phase build build
phase install install_
phase package package
phase deinstall deinstall
cp -- "$file" "/sandbox/out/$pkgname$BULK_PKG_SUFX"
work_size
phase clean make_ root clean
finish 0
