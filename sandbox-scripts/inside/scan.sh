#!/bin/sh
# shellcheck source-path=SCRIPTDIR/..
# inside/scan.sh - inside a sandbox: the worker of a scan, as root without rights over the machine.
set -eu
export BULK_MEMORY_KB=0 BULK_PROCESSES_MAX=0 # no limits here: pkgmkgen limits each make
# shellcheck source=os/Linux-inside.sh
. "/sandbox/scripts/os/$BULK_OS-inside.sh"
os_distrust
os_as_root sh /sandbox/scripts/worker.sh
