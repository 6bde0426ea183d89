#!/bin/sh
# make.sh DIR - fills DIR with files of odd names.
set -eu
cd -- "$1"
mkdir 'dir with blank'
# shellcheck disable=SC2016 # that is the name
for file in '$HOME' "'quoted\"" ./-dash 'a blank' 'dir with blank/file' grün; do
    printf '%s\n' "$file" >"$file"
done
: >empty
ln -s 'a blank' link
ln 'a blank' hard
