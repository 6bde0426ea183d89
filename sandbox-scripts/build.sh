#!/bin/sh
# shellcheck source-path=SCRIPTDIR
# build.sh PKGNAME PKGPATH [KEY=VALUE...] -- FILE... - builds one package in a fresh sandbox and saves it; FILEs are the
# binary packages of its direct dependencies. Called by a recipe of bulk.mk, whose settings come as BULK_* variables.
# Returns when the package is in PACKAGES/All or has failed, and its sandbox has been removed.
# Exit: 0 built or up to date; 1 the package failed; 75 the machine failed, nothing is recorded; 130 interrupted.
set -eu
umask 022
: "${BULK_SCRIPTS:?not set: call build.sh from bulk.mk}"
if [ -n "${BULK_RUNDIR:-}" ]; then # make calls it for each package that is left (pkgmkgen pause)
    [ ! -e "$BULK_RUNDIR/halt" ] && [ ! -e "$BULK_RUNDIR/drain" ] || exit 75
fi
# shellcheck source=host/host.sh
. "$BULK_SCRIPTS/host/host.sh"
# shellcheck source=host/limits.sh
. "$BULK_SCRIPTS/host/limits.sh"
# shellcheck source=host/build.sh
. "$BULK_SCRIPTS/host/build.sh"
# shellcheck source=host/rebuild.sh
. "$BULK_SCRIPTS/host/rebuild.sh"
# shellcheck source=host/closure.sh
. "$BULK_SCRIPTS/host/closure.sh"
# shellcheck source=host/result.sh
. "$BULK_SCRIPTS/host/result.sh"
# shellcheck source=host/verdict.sh
. "$BULK_SCRIPTS/host/verdict.sh"
# shellcheck source=host/damaged.sh
. "$BULK_SCRIPTS/host/damaged.sh"
# shellcheck source=host/save.sh
. "$BULK_SCRIPTS/host/save.sh"
# shellcheck source=host/from.sh
. "$BULK_SCRIPTS/host/from.sh"
# shellcheck source=host/cause.sh
. "$BULK_SCRIPTS/host/cause.sh"
# shellcheck source=host/control.sh
. "$BULK_SCRIPTS/host/control.sh"
[ -n "${BULK_PARENT:-}" ] || os_supervise sh "$0" "$@"
[ "$PPID" = "$BULK_PARENT" ] || exit 130 # make exited before it was supervised
exec </dev/null
control_wait "$1"

# `@` means: too many prerequisites for the recipe.
for word; do
    shift
    if [ "$word" != @ ]; then
        set -- "$@" "$word"
        continue
    fi
    # shellcheck disable=SC2046 # PKGNAMEs have no blanks
    set -- "$@" $(awk -v want="$1" -f "$BULK_SCRIPTS/bulkmk/rules.awk" -f "$BULK_SCRIPTS/bulkmk/needs.awk" \
        -v before="$BULK_PACKAGES/All/" -v after="$BULK_PKG_SUFX" "$BULK_MAKEFILE")
done
pkgpath=$2
package=$1$BULK_PKG_SUFX
target=$BULK_PACKAGES/All/$package
waited=
build_begin "$1" "$BULK_LOG/$1" || waited=yes
# errors_ignored: was make called with -i? Then it also calls this script for packages whose dependencies have failed.
errors_ignored() {
    errors_flags=${MAKEFLAGS:-}
    case ${errors_flags%% *} in -* | *=*) ;; *i*) return 0 ;; esac
    case " $errors_flags " in *" -i "*) ;; *) return 1 ;; esac
}
depends='' newer='' needed='' retried='' start='' start_seconds='' launch_host=''
for word; do
    case $word in
    */All/*)
        [ -s "$word" ] || damaged_empty "$word"
        [ -f "$word" ] || ! errors_ignored || {
            say broken "$pkgname: its dependency $word does not exist"
            exit 1
        }
        [ -f "$word" ] || machine_failure "$word, a dependency of $pkgname, no longer exists" "run the same command again: make builds it first"
        [ -z "$waited" ] || [ -z "$(find "$word" -newer "$target" 2>/dev/null)" ] || newer=yes
        needed="$needed $word"
        word=${word##*/}
        depends="$depends ${word%"$BULK_PKG_SUFX"}"
        ;;
    esac
done
if [ -n "$waited" ] && [ -s "$target" ] && [ -z "$newer" ]; then
    say present "$pkgname: another make has just built it"
    exit 0
fi

# result STATUS KEY=VALUE...: writes the result and the line in the journal.
result() {
    result_status=$1 result_tried=${launch_tried:-}
    result_tried=${result_tried# }
    shift
    result_write "$result_status" "$logdir" "$outdir" "PKGNAME=$pkgname" "PKGPATH=$pkgpath" "RUN=$BULK_RUN" "HOST=$launch_host" "MAKE_JOBS=${BULK_MAKE_JOBS:-$BULK_DISTCC_SLOTS}" "DEPENDS=${depends# }" \
        ${result_tried:+"TRIED=$result_tried"} "START=$start" "END=$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$@" || machine_failure "cannot write $logdir/result" "check permissions and free space of BULKLOG"
}
# accept KEY=VALUE...: the package in outdir/built takes its place, with a result and the record of its inputs.
accept() {
    result built "PACKAGE_BYTES=$(wc -c <"$outdir/built/$package" | tr -d ' ')" "$@"
    mv -f -- "$outdir/closure" "$logdir/closure"
    # shellcheck disable=SC2086 # check_settings allows no blanks in PACKAGES
    { rebuild_record "$outdir/inputs" "$outdir/built/$package" && save_package "$outdir/built/$package" "$target" $needed && rebuild_recorded; } || machine_failure "cannot write the package $target" "check permissions and free space of PACKAGES"
    run_event built "$pkgname"
    hook package "$logdir/result"
}
# prepare: makes the directories of this build, in them the list of its inputs (files dated in the future count as younger, too) and
# that of all dependencies.
prepare() {
    [ ! -f "$target" ] || [ -s "$target" ] || damaged_aside "$target" "it is empty"
    limits_last "$logdir/result"
    pool_last "$logdir/result"
    build_open
    # shellcheck disable=SC2034 # for inputs.sh
    inputs_before=$outdir/inputs
    rebuild_inputs >"$outdir/inputs"
    # shellcheck disable=SC2086 # PKGNAMEs have no blanks
    closure "$outdir/closure" $depends
    started
}
# started: the work begins now, on this machine unless the launcher finds another one.
started() { start=$(date -u +%Y-%m-%dT%H:%M:%SZ) start_seconds=$(os_seconds) launch_host=$(uname -n); }

rebuild_read
if rebuild_kept; then exit 0; fi
prepared=''
if [ -n "$BULK_PACKAGES_FROM" ] && [ -f "$BULK_PKGSRCDIR/$pkgpath/Makefile" ]; then
    prepare
    prepared=yes
    chmod 755 "$logdir"
    if from_take; then
        run_event start "$pkgname" "${build_me##*@}"
        find "$logdir" -mindepth 1 -delete
        : >"$outdir/limits"
        accept "TAKEN_FROM=$BULK_PACKAGES_FROM"
        say taken "$pkgname from $BULK_PACKAGES_FROM in $(($(os_seconds) - start_seconds)) s"
        build_leave 0
    fi
    chmod 700 "$logdir"
fi
if [ -z "$BULK_RETRY" ]; then
    if rebuild_known "$logdir"; then
        say failed "$pkgname failed in $known_phase before, and none of its inputs has changed: $logdir/$known_phase.log (use RETRY=yes to build it again)"
        run_event failed "$pkgname" "$known_phase" "$(sed -n 's/^REASON=//p' "$logdir/result")"
        [ -z "$prepared" ] || { chmod 755 "$logdir"; build_leave 1; }
        exit 1
    fi
    [ -z "$known_differences" ] || retried="again, since $known_differences"
fi

if [ -z "$prepared" ]; then prepare; else started; fi
find "$logdir" -mindepth 1 -delete
stale=
[ -f "$BULK_PKGSRCDIR/$pkgpath/Makefile" ] ||
    stale="stale: the tree has no $pkgpath any more, bulk.mk was made before that: run pkgmkgen again"
why=${retried:-$(rebuild_reason "$outdir/inputs")}
cp -- "$outdir/closure" "$outdir/out/closure"
say building "$pkgname ($pkgpath)${why:+: $why}"
run_event start "$pkgname" "${build_me##*@}"
status=0
if [ -n "$stale" ]; then
    printf 'pre-clean\n' >"$outdir/out/phase"
    printf '%s\n' "$stale" >"$logdir/pre-clean.log"
    status=2
    : >"$outdir/limits"
else
    build_run inside/phases.sh "$@" || status=$?
fi
seconds=$(($(os_seconds) - start_seconds))
[ "$seconds" -ge 0 ] || seconds=0
saved=yes
save_distfiles "$outdir" "$distdir" "$BULK_PKGSRCDIR/$pkgpath" || saved=

verdict_phase
phase_log=$logdir/$phase.log
fault=
[ "$status" -ne 0 ] || fault=$(package_fault "$outdir/built/$package" "$pkgname")
[ -n "$saved" ] || {
    disk_guard
    [ "$status" -ne 0 ] || fault="its distfiles cannot be saved to $BULK_DISTDIR"
}
[ -z "$fault" ] || { status=2 phase=package; }
case $status in
0)
    accept "SECONDS=$seconds"
    [ ! -f "$logdir/stray.log" ] || stray="; it left or changed files outside its own: $logdir/stray.log"
    say built "$pkgname in $seconds s${stray:-}"
    build_leave 0
    ;;
75)
    cause "$outdir/said"
    in_phase=" in phase $phase"
    [ "$phase" != none ] || in_phase=
    machine_failure "the sandbox of $pkgname failed$in_phase: $cause_what" "$cause_fix"
    ;;
esac
disk_guard
inputs_fetched "$BULK_PKGSRCDIR/$pkgpath" >>"$outdir/inputs"
mv -f -- "$outdir/inputs" "$logdir/inputs"
[ "$phase" != depends ] || damaged_depends
if [ -n "$fault" ]; then verdict=failed reason="the package cannot be saved: $fault"; else verdict "$status"; fi
changed=
[ ! -s "$BULK_PACKAGES/.inputs/$pkgname" ] || changed=$(rebuild_differences "$BULK_PACKAGES/.inputs/$pkgname" "$logdir/inputs")
result "$verdict" "SECONDS=$seconds" "PHASE=$phase" ${reason:+"REASON=$reason"} ${changed:+"CHANGED=$changed"}
case $verdict in killed) reason="$reason; the next run tries it again" ;; esac
say "$verdict" "$pkgname in $phase after $seconds s${reason:+: $reason}: $phase_log"
run_event failed "$pkgname" "$phase" "$reason"
hook package "$logdir/result"
build_leave 1
