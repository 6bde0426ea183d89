#!/bin/sh
# run.sh [PYTEST ARGUMENT...] - sets up all that the tests need and runs them, as root on Debian.
set -eu
# shellcheck disable=SC2034 # setup.sh looks at it
testing=yes
# shellcheck source-path=SCRIPTDIR source=setup.sh
. "$(dirname -- "$0")/setup.sh"
cd -- "$top"
exec python -m pytest -n 2 --dist loadfile "$@" # many tests wait more than they work
