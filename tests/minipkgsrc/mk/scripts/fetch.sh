#!/bin/sh
# fetch.sh DIR FILE... -- URL... - each FILE that DIR lacks is fetched from the first URL (ending in /) that has it. It
# appears in DIR complete or not at all. FETCH_CMD URL prints what is at a URL that is no file.
set -eu
dir=$1
shift
files=
while [ "$1" != -- ]; do
    [ -f "$dir/$1" ] || files="$files $1"
    shift
done
shift
for file in $files; do
    mkdir -p -- "$dir"
    new=$dir/.$file.$$
    trap 'rm -f -- "$new"' EXIT
    fetched=
    for url; do
        echo "=> Fetching $file from $url"
        case $url in
        file://*) cp -- "${url#file://}$file" "$new" ;;
        *) ${FETCH_CMD:?} "$url$file" >"$new" ;;
        esac || continue
        chmod 644 "$new"
        mv -f -- "$new" "$dir/$file"
        fetched=yes
        break
    done
    [ -n "$fetched" ] || { echo "ERROR: $file could not be fetched" >&2; exit 1; }
done
