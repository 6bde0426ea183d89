#!/bin/sh
# extract.sh WRKSRC FILE... - unpacks each archive here; what is no archive is copied into WRKSRC.
set -eu
wrksrc=$1
shift
for file; do
    case $file in
    *.tar.gz | *.tgz) gzip -dc -- "$file" | tar -xf - --no-same-owner ;;
    *) mkdir -p -- "$wrksrc" && cp -- "$file" "$wrksrc" ;;
    esac
done
