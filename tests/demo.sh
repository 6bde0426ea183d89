#!/bin/sh
# demo.sh [DIR] - sets up all that pkgmkgen needs and builds the miniature tree with it, below DIR (/tmp/pkgmkgen-demo), as
# root or as another user. Exit: 0 if each package became what the tree's table EXPECTED says, 75 if the run was halted.
set -eu
# shellcheck source-path=SCRIPTDIR source=setup.sh
. "$(dirname -- "$0")/setup.sh"
tree=$top/tests/minipkgsrc
usual=/tmp/pkgmkgen-demo
[ "$(id -u)" -eq 0 ] || usual=$usual-$(id -un)
dir=${1:-$usual}
setup_path "$dir" "the directory of the demo"
{ mkdir -p -- "$dir" 2>/dev/null && dir=$(cd -- "$dir" && pwd) && [ -n "$(find "$dir" -prune -user "$(id -u)")" ]; } ||
    die "you have no directory $dir" "name another: sh $0 DIR"
setup_path "$dir" "the directory of the demo"
why=$(sh "$top/sandbox-scripts/os/Linux-may.sh" 2>&1) ||
    die "$(id -un) cannot create sandboxes here: $why" "run me as root; in a container, give it the right (docker run --privileged); as another user see $top/.venv/bin/pkgmkgen help unprivileged"

cat <<EOF

This demo builds the bundled example tree, $(grep -c '^[^#]' "$tree/EXPECTED") small packages, each in a new sandbox, with 4 at a time.
On two processors that takes one to three minutes. All files are below $dir.
Some packages fail on purpose, to show what happens then.

== a bootstrap kit for the example tree
EOF
sh "$tree/bootstrap/bootstrap" --prefix=/usr/pkg --gzip-binary-kit "$dir/kit.tar.gz"
# The kit's mk.conf serves the scan, too, lest that of a /usr/pkg on this machine is read.
tar -xOf "$dir/kit.tar.gz" usr/pkg/etc/mk.conf >"$dir/mk.conf"
printf '%s\n' "$dir/kit.tar.gz" '' "== pkgmkgen --pkgsrc $tree ... -o $dir/bulk.mk"
pkgmkgen --pkgsrc "$tree" --set BOOTSTRAP_KIT="$dir/kit.tar.gz" --set PACKAGES="$dir/packages" --set DISTDIR="$dir/distfiles" \
    --set BULKLOG="$dir/log" --set MAKECONF="$dir/mk.conf" --set SANDBOXDIR="$dir/sandboxes" -o "$dir/bulk.mk"
printf '\n== make -f %s -j 4\n' "$dir/bulk.mk"
status=0
make -f "$dir/bulk.mk" -j 4 || status=$?
# shellcheck disable=SC2012 # names of runs
run=$(ls -d -- "$dir"/log/.runs/2* 2>/dev/null | tail -n 1)
[ ! -s "${run:-/nonexistent}/halt" ] || {
    printf '\n%s: the run was halted for the reason above, before it was done\n  fix: repair that, then run this again: it continues\n' "$0" >&2
    exit 75
}
[ -f "${run:-/nonexistent}/states" ] || die "make ended with status $status before the end of the run (see the lines above)" "repair that, then run this again: it continues"
awk 'FILENAME == ARGV[1] { state[$1] = $2 " " $3; next }
    /^#/ || !NF { next }
    $3 == "built" { good = "^(built|up to)" }
    $3 == "failed" { good = "^(failed|timed-out) in" }
    $3 == "broken-by" { good = "^broken by" }
    $3 !~ /^(built|failed|broken-by)$/ { good = "^(skipped|unresolved)" }
    state[$1] !~ good { bad++; print "  " $1 ": expected " $3 (NF > 3 ? " " $4 : "") ", found " (state[$1] == "" ? "nothing" : state[$1]) }
    { n++; count[$3]++ }
    END {
        if (!bad) printf "\nAs expected of the example tree, %d of its %d packages were built; the others fail on purpose or need those.\n", count["built"], n
        exit bad > 0
    }' "$run/states" "$tree/EXPECTED" || die "some packages did not become what the example tree expects" "read their logs in $dir/log/PKGNAME/ and report this"
cat <<EOF

Five things to try next (pkgmkgen is $top/.venv/bin/pkgmkgen):
  1. sh $top/tests/demo.sh${1:+ $dir}
     builds again: everything is up to date or has failed before, so nothing is built twice
  2. $top/.venv/bin/pkgmkgen report --log $dir/log -o $dir/report
     writes a report; open $dir/report/index.html in a browser
  3. cat $dir/log/letterpress-1.5/result; make -f $dir/bulk.mk shell PKG=letterpress AT=build
     why a package failed, and a shell in its sandbox
  4. make -f $dir/bulk.mk help
     the targets and settings of the Makefile; 'make -f $dir/bulk.mk list' shows the packages
  5. $top/.venv/bin/pkgmkgen help real-tree
     the steps for a real pkgsrc tree
To remove all of this: rm -rf $dir
EOF
