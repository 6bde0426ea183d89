#!/bin/sh
# shellcheck source-path=SCRIPTDIR/..
# host/download.sh URL - writes what the URL has to standard output. The program that reads from the network has no rights. It ends if nothing
# comes for two minutes. Called by host/from.sh. Exit: that of the program.
set -u
: "${BULK_SCRIPTS:?not set: host/from.sh starts this}"
# shellcheck source=host/os.sh
. "$BULK_SCRIPTS/host/os.sh"
cd /
if command -v curl >/dev/null 2>&1; then
    os_stranger curl -q -fsSL --proto =http,https,ftp --connect-timeout 60 --speed-limit 1 --speed-time 120 -- "$1"
elif command -v wget >/dev/null 2>&1; then
    os_stranger wget -q --no-config --no-hsts -O - --timeout=120 --tries=2 -- "$1"
elif command -v fetch >/dev/null 2>&1; then
    os_stranger fetch -q -T 120 -o - "$1"
else
    os_stranger ftp -V -q 120 -o - "$1"
fi
