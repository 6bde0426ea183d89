#!/bin/sh
# shellcheck source-path=SCRIPTDIR/..
# inside/layer.sh NAME PKGPATH -- FILE... - installs the binary packages FILE... for a layer (host/stack.sh). Log: /sandbox/log/depends.log.
# Exit: 0; 2 if they cannot be installed.
set -eu
umask 022
# shellcheck source=inside/depends.sh
. /sandbox/scripts/inside/depends.sh
: "${log=}" # set by inside/common.sh
# shellcheck disable=SC2034 # of inside/common.sh
phase_log=$log/depends.log
repo || exit 2
os_distrust
add_packages -A "$@" || exit 2
os_kill_others
