#!/bin/sh
# coverage.sh - runs the tests that start no other pkgmkgen and prints how much of the Python code they execute. Fails if that
# becomes less: raise `least` when it has grown.
set -eu
least=82
# shellcheck disable=SC2034 # setup.sh looks at it
testing=yes
# shellcheck source-path=SCRIPTDIR source=setup.sh
. "$(dirname -- "$0")/setup.sh"
cd -- "$top"
COVERAGE_FILE=$(mktemp)
export COVERAGE_FILE
trap 'rm -f -- "$COVERAGE_FILE"' EXIT
python -m coverage run --source=pkgmkgen -m pytest -q tests/unit tests/golden
python -m coverage report --skip-covered --fail-under="$least"
