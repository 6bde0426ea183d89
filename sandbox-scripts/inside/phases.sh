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
trap '[ $? -ne 1 ] || exit 2' EXIT
umask 022
# shellcheck source=inside/common.sh
. /sandbox/scripts/inside/common.sh
# shellcheck source=inside/compile.sh
. /sandbox/scripts/inside/compile.sh
: "${now_seconds=}" # set by os_now
install_as=$build_as
[ "$use_destdir" = user-destdir ] || install_as=root

# pkg WORD...: a package tool as root, finding binary packages among the resolved dependencies only.
pkg() { run root / "PKG_PATH=/sandbox/repo" "$@"; }

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
    compile_tally
    os_now; times >/sandbox/out/times
    printf '%s %s %s %s\n' "$phase_name" "$phase_start" "$now_seconds" "$(sed -n '2s/[ms]/ /gp' /sandbox/out/times)" >>/sandbox/out/phases
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

work_size() { printf 'WRKDIR_KB=%s\n' "$(du -skx /sandbox/work 2>/dev/null | cut -f1)" >>/sandbox/out/facts; }

# finish STATUS: exits. Signal 9 comes from outside, not from the package. Commands of the package have run, so the status is never
# 75, a failure of the machine.
finish() {
    [ "$1" -eq 0 ] || {
        work_size
        keep_work
    }
    if [ -s "$log/stray.log" ]; then
        printf 'STRAY=%d\n' "$(wc -l <"$log/stray.log")" >>/sandbox/out/facts
    else
        rm -f -- "$log/stray.log"
    fi
    compile_facts >>/sandbox/out/facts
    [ ! -f /sandbox/work.log ] || os_as_root head -c 100000000 /sandbox/work.log >"$log/work.log" || :
    case $1 in 0 | 137) exit "$1" ;; *) exit 2 ;; esac
}

# keep_work: with KEEP=yes, the work directory of a failed build as an archive among its logs.
keep_work() {
    [ -n "$BULK_KEEP" ] || return 0
    (cd /sandbox/work && tar -czf "$log/work.tar.gz" --exclude=./.fetched .) >>"$phase_log" 2>&1 || :
}

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
    kit_names=$(printf '%s\n' "$pkgname" | awk -v kit="$kit_names" '
        function base(name) { sub(/-[^-]*$/, "", name); return name }
        { gets[$0] = other[base($0)] = 1 }
        END { n = split(kit, names, " "); for (i = 1; i <= n; i++) if (!(names[i] in gets) && base(names[i]) in other) print names[i] }
    ' - /sandbox/out/closure)
    [ -n "$kit_names" ] || return 0
    for kit_file in $kit_names; do
        awk '/^@cwd / { prefix = $2 } !/^@/ { print prefix "/" $0 }' "$BULK_PKG_DBDIR/$kit_file/+CONTENTS"
    done >>/sandbox/out/kit-files
    # shellcheck disable=SC2086 # PKGNAMEs have no blanks
    pkg "$BULK_PREFIX/sbin/pkg_delete" -K "$BULK_PKG_DBDIR" $kit_names
}

# stray MARK WHAT: appends a warning to stray.log if files in the root of the sandbox are younger than the file MARK, or were removed
# since, except in the work directory and in world-writable places.
stray() {
    os_changed "$1" | LC_ALL=C sort |
        grep -Ev "^((/tmp|/var/tmp|/sandbox|$BULK_PKG_DBDIR(\.refcount)?|/dev)/|/etc/(\.pwd\.lock|g?(passwd|group|shadow)-?|master\.passwd|s?pwd\.db|usermgmt\.conf)$)" | grep -Fvx -f /sandbox/out/kit-files | sed "s|^|$2 |" >>"$log/stray.log" || :
}

usergroup() {
    case $1:$usergroup_phase in
    configure:*configure) make_ root create-usergroup && make_ root clean ;;
    build:*build | install:pre-install) make_ root create-usergroup ;;
    esac
}
depends() {
    kit_leaves || return
    [ $# -gt 0 ] || return 0
    for depends_file; do
        depends_file=${depends_file##*/}
        set -- "$@" "${depends_file%"$BULK_PKG_SUFX"}"
        shift
    done
    pkg "$BULK_PREFIX/sbin/pkg_add" -K "$BULK_PKG_DBDIR" "$@"
}
checksum() { fetching checksum; }
configure() { usergroup configure && make_ "$build_as" configure; }
build() { usergroup build && make_ "$build_as" all; }
install_() { usergroup install && make_ "$install_as" stage-install; }

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
    make_ root stage-package-create || return
    # shellcheck disable=SC2086
    package_file=$(cd "$BULK_PKGSRCDIR/$pkgpath" && os_as_root env -i "PATH=$path" HOME=/sandbox/work LC_ALL=C MAKECONF=/sandbox/mk.conf \
        "$BULK_BMAKE" show-vars VARNAMES="STAGE_PKGFILE PKGSRC_COMPILER" BATCH=1 DEPENDS_TARGET=/nonexistent $multi_version) </dev/null 2>>"$phase_log"
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
    os_kill_others
    hand_over
}
deinstall() {
    [ -z "$bootstrap_pkg" ] || return 0
    pkg "$BULK_PREFIX/sbin/pkg_add" -K "$BULK_PKG_DBDIR" "/sandbox/built/$pkgname$BULK_PKG_SUFX" && pkg "$BULK_PREFIX/sbin/pkg_delete" -K "$BULK_PKG_DBDIR" "$pkgname"
}

# The files for our own steps are made before any command of the package runs; later errors in them are failures of the package.
if [ $# -gt 0 ]; then
    # shellcheck disable=SC2046 # PKGNAMEs have no blanks
    (cd "$BULK_PACKAGES/All" && ln -s $(sed "s|.*|$PWD/&$BULK_PKG_SUFX|" /sandbox/out/closure) /sandbox/repo) || exit 75
fi
compile_check
machine=2
os_distrust
phase pre-clean make_ root clean
phase depends depends "$@"
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
phase clean make_ root clean
finish 0
