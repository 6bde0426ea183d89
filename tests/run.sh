#!/bin/sh
# run.sh [--quick] [PYTEST ARGUMENT...] - sets up all that the tests need and runs them, on Debian. As root all tests; as another
# user those that need root are skipped. --quick: unit and golden tests and the command line, without sandboxes, under two minutes.
# Their files are in a directory of /tmp that is removed afterwards, and kept if a test fails.
set -eu
# shellcheck disable=SC2034 # setup.sh looks at it
testing=yes
quick=
[ "${1:-}" != --quick ] || { quick=yes testing=quick; shift; }
# shellcheck source-path=SCRIPTDIR source=setup.sh
. "$(dirname -- "$0")/setup.sh"
cd -- "$top"
if [ -n "$quick" ]; then
    set -- -q -m 'not root' tests/unit tests/golden tests/integration/test_cli.py "$@"
    printf 'tests without sandboxes: one to two minutes on two processors\n'
else
    printf 'all tests: 10 to 20 minutes on two processors (sh tests/run.sh --quick: under two minutes)\n'
fi
files=$(mktemp -d /tmp/pkgmkgen-tests.XXXXXX)
status=0
python -m pytest -n 2 --dist loadfile --basetemp="$files/t" "$@" || status=$?
if [ "$status" -eq 1 ]; then
    printf 'files of the failed tests: %s\n' "$files"
else
    rm -rf -- "$files"
fi
exit "$status"
