#!/bin/sh
# shellcheck source-path=SCRIPTDIR
# repository.sh - updates the repository files in PACKAGES/All: pkg_summary.gz and .zst, and the checksums in SHA256. They list
# the packages of bulk.mk that may be published with all their dependencies. Only new packages are read.
# PACKAGES/.summary/ has the data of each file, and `state`: which packages may be published, or why not (publish.awk).
# Called at the end of a run and by `make repository`. Exit: 0 done; 75 the machine failed.
set -eu
umask 022
: "${BULK_SCRIPTS:?not set: use make -f bulk.mk repository}"
BULK_LAUNCH=local # wherever packages are built
# shellcheck source=host/host.sh
. "$BULK_SCRIPTS/host/host.sh"
# shellcheck source=host/limits.sh
. "$BULK_SCRIPTS/host/limits.sh"
# shellcheck source=host/build.sh
. "$BULK_SCRIPTS/host/build.sh"
[ -n "${BULK_PARENT:-}" ] || os_supervise sh "$0" "$@"
[ "$PPID" = "$BULK_PARENT" ] || exit 130
exec </dev/null
build_begin repository "$BULK_LOG/.repository" || :
build_open
all=$BULK_PACKAGES/All known=$BULK_PACKAGES/.summary out=$outdir/out
mkdir -p -- "$known" || machine_failure "cannot create directory $known" "check permissions and free space of PACKAGES"
for file in index records sums; do [ -f "$known/$file" ] || : >"$known/$file"; done

# enter FILE TO: renames FILE when its content is on the disk.
enter() { { sync "$1" && mv -f -- "$1" "$2"; } || machine_failure "cannot write $2" "check permissions and free space of PACKAGES"; }

# intact: are pkg_summary and SHA256 as they were written?
intact() {
    [ -f "$known/state" ] && gzip -dc "$all/pkg_summary.gz" 2>/dev/null | cmp -s -- - "$known/pkg_summary" && cmp -s -- "$all/SHA256" "$known/SHA256" || return 1
    ! command -v zstd >/dev/null 2>&1 || zstd -q -dc "$all/pkg_summary.zst" 2>/dev/null | cmp -s -- - "$known/pkg_summary"
}

: >"$outdir/looked"
: >"$outdir/younger"
[ ! -f "$known/looked" ] || find "$all/." ! -name . -prune -newer "$known/looked" -print >"$outdir/younger"
# shellcheck disable=SC2012 # changed.awk says which words of it count
ls -linqc -- "$all/" | awk -v suffix="$BULK_PKG_SUFX" -v index_to="$outdir/index" -f "$BULK_SCRIPTS/repository/changed.awk" \
    known=records "$known/records" known=sums "$known/sums" known=index "$known/index" known='' \
    younger=1 "$outdir/younger" younger='' - >"$out/changed"
cp -- "$out/changed" "$outdir/changed"
[ -f "$outdir/index" ] || : >"$outdir/index"
: >"$out/records"
: >"$outdir/sums"
if [ -s "$out/changed" ]; then
    build_run inside/summarize.sh ||
        machine_failure "the packages in $all cannot be read (see $logdir/summary.log)" "repair the cause named there"
    while IFS= read -r file; do
        printf 'SHA256 (%s) = %s\n' "$file" "$(os_sha256 "$all/$file")"
    done <"$outdir/changed" >"$outdir/sums"
    sed "s|^|  unreadable $all/|" "$out/unreadable"
    # Unreadable packages are not stored: the next call tries them again.
    awk 'FILENAME == ARGV[1] { bad[$1] = 1; next } !($1 in bad)' "$out/unreadable" "$outdir/index" >"$outdir/index.read"
    mv -f -- "$outdir/index.read" "$outdir/index"
fi
{
    if [ -f "$BULK_RUNDIR/plan.gz" ]; then
        gzip -dc "$BULK_RUNDIR/plan.gz"
    else
        awk -f "$BULK_SCRIPTS/bulkmk/rules.awk" -f "$BULK_SCRIPTS/bulkmk/plan.awk" "$BULK_MAKEFILE"
    fi
} >"$outdir/plan"
# A package whose last build failed may be left from an earlier build, with dependencies that do not exist now.
find "$BULK_LOG" -mindepth 2 -maxdepth 2 -name result -exec grep -lE '^STATUS=(failed|timed-out|killed)$' {} + |
    sed 's|/result$||; s|.*/||' | LC_ALL=C sort >"$outdir/failed"
if [ ! -s "$outdir/changed" ] && [ "$BULK_OLD" = keep ] && intact && cmp -s -- "$outdir/failed" "$known/failed" &&
    cmp -s -- "$outdir/index" "$known/index" && cmp -s -- "$outdir/plan" "$known/plan"; then
    build_leave 0
fi
awk -f "$BULK_SCRIPTS/repository/merge.awk" changed=1 "$outdir/changed" changed='' index_=1 "$outdir/index" index_='' \
    old=1 "$known/records" old='' "$out/records" >"$outdir/all.records"
awk 'FILENAME == ARGV[1] { other["(" $1 ")"] = 1; next } FILENAME == ARGV[2] { there["(" $1 ")"] = 1; next }
    FILENAME == ARGV[3] && $2 in other { next } $2 in there' \
    "$outdir/changed" "$outdir/index" "$known/sums" "$outdir/sums" >"$outdir/all.sums"
sed -n 's/^FILE_NAME=//p' "$outdir/all.records" >"$outdir/present"
awk -v suffix="$BULK_PKG_SUFX" -f "$BULK_SCRIPTS/repository/publish.awk" present=1 "$outdir/present" present='' \
    failures=1 "$outdir/failed" failures='' "$outdir/plan" >"$outdir/planned"
awk -v suffix="$BULK_PKG_SUFX" -f "$BULK_SCRIPTS/repository/pattern.awk" -f "$BULK_SCRIPTS/repository/complete.awk" \
    records=1 "$outdir/all.records" records='' "$outdir/planned" | LC_ALL=C sort >"$outdir/state"
case $BULK_OLD in
list) sed -n 's/^old //p' "$outdir/state" ;;
remove)
    sed -n 's/^old //p' "$outdir/state" | while IFS= read -r name; do
        rm -f -- "$all/$name$BULK_PKG_SUFX" "$BULK_PACKAGES/.inputs/$name"
        say removed "$name, which bulk.mk does not have"
    done
    ;;
esac
sed -n "s/^publish \\(.*\\)/\\1$BULK_PKG_SUFX/p" "$outdir/state" >"$outdir/files"
awk -f "$BULK_SCRIPTS/repository/select.awk" listed=1 "$outdir/files" listed='' "$outdir/all.records" >"$outdir/pkg_summary"
awk 'FILENAME == ARGV[1] { wanted["(" $1 ")"] = 1; next } $2 in wanted' "$outdir/files" "$outdir/all.sums" |
    LC_ALL=C sort >"$outdir/SHA256"

[ -s "$outdir/pkg_summary" ] || [ ! -s "$known/pkg_summary" ] ||
    say repository "is now empty: none of the $(grep -c '^PKGNAME=' "$known/pkg_summary") packages that it had may be published; see $known/state"

# The new files are put in place by rename, the data of the packages last: after a kill, the next call does it again.
gzip -9nc "$outdir/pkg_summary" >"$outdir/pkg_summary.gz"
set -- pkg_summary.gz SHA256
if command -v zstd >/dev/null 2>&1; then
    zstd -q -9 -c "$outdir/pkg_summary" >"$outdir/pkg_summary.zst"
    set -- "$@" pkg_summary.zst
fi
for file; do enter "$outdir/$file" "$all/$file"; done
if [ -n "$BULK_SIGN" ]; then
    for file; do
        # shellcheck disable=SC2086 # words
        (cd -- "$all" && $os_caller sh -c "$BULK_SIGN \"\$1\"" sign "$file" </dev/null) ||
            machine_failure "signing $all/$file failed: $BULK_SIGN" "correct SIGN, or leave it empty"
    done
fi
cp -- "$all/SHA256" "$outdir/SHA256"
for file in plan state failed pkg_summary SHA256; do enter "$outdir/$file" "$known/$file"; done
for file in records sums; do enter "$outdir/all.$file" "$known/$file"; done
for file in index looked; do enter "$outdir/$file" "$known/$file"; done
awk '{ n[$1]++ } END { printf "repository: %d packages, %d restricted and %d that need those or missing ones left out, %d old\n",
    n["publish"], n["restricted"], n["needs"], n["old"]
    if (n["failed"]) printf "  left out, since the last build failed: %d\n", n["failed"]
    if (n["lacks"]) printf "  left out, since what they depend on has changed: %d\n", n["lacks"] }' "$known/state" 2>/dev/null || :
build_leave 0
