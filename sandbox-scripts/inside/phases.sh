#!/bin/sh
# shellcheck source-path=SCRIPTDIR/..
# inside/phases.sh PKGNAME PKGPATH [KEY=VALUE...] -- FILE... - builds one package inside its sandbox, in the steps of pbulk, with
# its arguments and users. Run by os/*-enter.* inside a new sandbox; BULK_* are bulk.mk's settings.
# Leaves in /sandbox/out: `phases` (a line a phase: name, seconds, CPU seconds), `phase` (the current or last one),
# `facts` (KEY=VALUE), distfiles/ with the fetched files. The package goes to the host through the pipe `package`, before
# its scripts run (hand_over). Logs in /sandbox/log.
# Exit: 0 built; 2 the package failed; 75 the machine failed; 137 something was killed from outside. Never 1: unshare
# returns that if this script is killed.
set -eu
machine=75
trap 'case $?:$machine in 0:* | 137:*) ;; *:75) exit 75 ;; 1:*) exit 2 ;; esac' EXIT
umask 022
# shellcheck source=inside/common.sh
. /sandbox/scripts/inside/common.sh
# shellcheck source=inside/compile.sh
. /sandbox/scripts/inside/compile.sh
# shellcheck source=inside/depends.sh
. /sandbox/scripts/inside/depends.sh
: "${now_seconds=}" # set by os_now
install_as=$build_as
[ "$use_destdir" = user-destdir ] || install_as=root

# phase NAME FUNCTION ARG...: runs a phase with its log, time and CPU time; a failure ends the build. All processes of a phase are
# killed before the next one.
phase() {
    phase_name=$1 phase_log=$log/$1.log
    shift
    printf '%s\n' "$phase_name" >/sandbox/out/phase
    os_now; phase_start=$now_seconds
    phase_status=0
    "$@" || phase_status=$?
    os_kill_others
    [ -z "$pooling" ] || pool_say e
    compile_tally
    os_now; times >/sandbox/out/times
    { read -r _ && read -r phase_user phase_system; } </sandbox/out/times || :
    phase_user=${phase_user%s} phase_system=${phase_system%s} # 1m2.34s
    printf '%s %s %s %s %s %s %s\n' "$phase_name" "$phase_start" "$now_seconds" "${phase_user%m*}" "${phase_user#*m}" \
        "${phase_system%m*}" "${phase_system#*m}" >>/sandbox/out/phases
    case ${BULK_SHELL_AT:-}:$phase_status in
    "$phase_name":* | ?*:[1-9]*) shell ;;
    esac
    [ "$phase_status" -eq 0 ] || finish "$phase_status"
}

# shell: runs, for a user who looks into a sandbox, BULK_SHELL_COMMAND, or a shell, as build user or (BULK_SHELL_ROOT) root, with the environment of
# a phase and the caller's input and output.
shell() {
    [ "$phase_status" -eq 0 ] || printf 'pkgmkgen: %s failed in %s\n' "$pkgname" "$phase_name" >&2
    cd -- "$BULK_PKGSRCDIR/$pkgpath"
    set -- env -i "PATH=$path" HOME=/sandbox/work LC_ALL=C "TERM=${TERM:-dumb}" MAKECONF=/sandbox/mk.conf "PS1=$pkgname \\$ " \
        "ENV=" sh ${BULK_SHELL_COMMAND:+-c "$BULK_SHELL_COMMAND"}
    phase_status=0
    shell_as=user
    [ -z "$BULK_SHELL_ROOT" ] || shell_as=root
    trap - EXIT
    os_shell "$shell_as" "$@" || phase_status=$?
    exit "$phase_status"
}

work_size() {
    du -skx /sandbox/work >/sandbox/out/size 2>/dev/null || :
    read -r size_kb _ </sandbox/out/size || :
    printf 'WRKDIR_KB=%s\n' "$size_kb" >>/sandbox/out/facts
}

# finish STATUS: exits. Signal 9 comes from outside, not from the package. Commands of the package have run, so the status is never
# 75, a failure of the machine.
finish() {
    [ "$1" -eq 0 ] || {
        work_size
        keep_work
    }
    if [ -s "$log/stray.log" ]; then
        printf 'STRAY=%d\n' "$(wc -l <"$log/stray.log")" >>/sandbox/out/facts
    elif [ -e "$log/stray.log" ] || [ -h "$log/stray.log" ]; then
        rm -f -- "$log/stray.log"
    fi
    compile_facts >>/sandbox/out/facts
    [ ! -s /sandbox/work.log ] || os_as_root head -c 100000000 /sandbox/work.log >"$log/work.log" || :
    case $1 in 0 | 137) exit "$1" ;; *) exit 2 ;; esac
}

# keep_work: with KEEP=yes, the work directory of a failed build as an archive among its logs.
keep_work() {
    [ -n "$BULK_KEEP" ] || return 0
    (cd /sandbox/work && tar -czf "$log/work.tar.gz" --exclude=./.fetched .) >>"$phase_log" 2>&1 || :
}

# stray MARK WHAT: appends a warning to stray.log if files in the root of the sandbox are younger than the file MARK, or were removed
# since, except in the work directory and in world-writable places.
stray() {
    os_changed "$1" /sandbox/out/changed || :
    while IFS= read -r stray_file; do
        stray_file=${stray_file#"$os_changed_prefix"}
        case $stray_file in
        /tmp/* | /var/tmp/* | /sandbox/* | "$BULK_PKG_DBDIR"/* | "$BULK_PKG_DBDIR".refcount/* | /dev/*) ;;
        /etc/.pwd.lock | /etc/passwd | /etc/group | /etc/shadow | /etc/gshadow | /etc/passwd- | /etc/group- | /etc/shadow- | /etc/gshadow- | \
            /etc/master.passwd | /etc/pwd.db | /etc/spwd.db | /etc/usermgmt.conf) ;;
        *) printf '%s\n' "$stray_file" ;;
        esac
    done </sandbox/out/changed >/sandbox/out/strays || :
    [ ! -s /sandbox/out/strays ] || LC_ALL=C sort /sandbox/out/strays | grep -Fvx -f /sandbox/out/kit-files | sed "s|^|$2 |" >>"$log/stray.log" || :
}

# clean: the sandbox is new, so there is nothing to clean, before or after. make is started only if the directory of the package
# says what else is to be done.
clean() {
    grep -Eqs '^(pre|do|post)-clean([[:blank:]:]|$)' "$BULK_PKGSRCDIR/$pkgpath/"*Makefile* "$BULK_PKGSRCDIR/$pkgpath/"*.mk ||
        run_not='a new sandbox has nothing to clean'
    clean_status=0
    make_ root clean || clean_status=$?
    run_not=
    return "$clean_status"
}

usergroup() {
    case $1:$usergroup_phase in
    configure:*configure) make_ root create-usergroup && make_ root clean ;;
    build:*build | install:pre-install) make_ root create-usergroup ;;
    esac
}
checksum() {
    fetching checksum show-vars VARNAMES='TOLD_VALUES TOLD_BARRIER' || return
    told_read "$phase_log" >>/sandbox/mk.conf
    told_barrier "$phase_log"
}
configure() { usergroup configure && make_ "$build_as" configure; }
build() {
    usergroup build || return
    pool_say b
    make_behind "$build_as" all
}

# pool_say LETTER: tells the pool of jobs, if there is one, that the phase `build` begins (b) or has ended (e).
pool_say() {
    [ -p /sandbox/pool/ask ] || return 0
    case $1 in b) pooling=yes ;; *) pooling= ;; esac
    printf '%s\n' "$1" >/sandbox/pool/ask
}
install_() { usergroup install && make_behind "$install_as" stage-install; }

# hand_over: the host writes the package where the sandbox cannot change it; that copy is tested and, if all goes well, saved.
# (The answer is lost if no process has its pipe open.)
hand_over() {
    if [ ! -p /sandbox/out/package ] || [ ! -p /sandbox/out/kept ]; then
        printf 'the named pipes to the host are missing\n' >>"$phase_log"
        return 1
    fi
    {
        { echo && os_as_root cat -- "$package_file" 7<&-; } >/sandbox/out/package 2>>"$phase_log" || return
        read -r hand_kept <&7
    } 7</sandbox/out/kept
    [ "$hand_kept" = kept ] || { printf 'the host has no room for the package\n' >>"$phase_log"; return 1; }
}
package() {
    make_behind root stage-package-create show-vars VARNAMES="STAGE_PKGFILE PKGSRC_COMPILER" || return
    os_kill_others
    package_file=$(tail -n 2 "$phase_log")
    printf 'COMPILER=%s\n' "${package_file#*"
"}" >>/sandbox/out/facts
    package_file=${package_file%%"
"*}
    case $package_file in
    */"$pkgname$BULK_PKG_SUFX") [ -s "$package_file" ] || { printf 'ERROR: the package %s was not made\n' "$package_file" >>"$phase_log"; return 1; } ;;
    *)
        printf 'stale: the tree makes %s here, bulk.mk was made when it was %s: run pkgmkgen again\n' "${package_file##*/}" "$pkgname" >>"$phase_log"
        return 1
        ;;
    esac
    hand_over
}
deinstall() {
    [ -z "$bootstrap_pkg" ] || return 0
    pkg "$BULK_PREFIX/sbin/pkg_add" -K "$BULK_PKG_DBDIR" "/sandbox/built/$pkgname$BULK_PKG_SUFX" && pkg "$BULK_PREFIX/sbin/pkg_delete" -K "$BULK_PKG_DBDIR" "$pkgname"
}

# The files for our own steps are made before any command of the package runs; later errors in them are failures of the package.
[ $# -eq 0 ] || repo || exit 75
compile_check
machine=2
os_distrust
phase pre-clean clean
phase depends add_packages "$@"
phase checksum checksum
: >/sandbox/out/depends-are-in
compile_begin
phase configure configure
phase build build
phase install install_
compile_end
phase package package
stray /sandbox/out/depends-are-in 'written outside the work directory:'
: >/sandbox/out/packaged
phase deinstall deinstall
stray /sandbox/out/packaged 'left after pkg_delete:'
work_size
phase clean clean
finish 0
