#!/bin/sh
# checksum.sh DIGEST DISTINFO DIR FILE... - compares each DIR/FILE with all that DISTINFO says of it.
# DISTINFO has lines "ALGORITHM (FILE) = HEX" and "Size (FILE) = N bytes"; DIGEST ALGORITHM FILE prints such a line.
set -eu
digest=$1 distinfo=$2
cd -- "$3"
shift 3
[ -f "$distinfo" ] || { echo "ERROR: $distinfo does not exist" >&2; exit 1; }
for file; do
    known=
    while read -r what name _ want _; do
        [ "$name" = "($file)" ] || continue
        known=yes
        case $what in
        Size) got=$(wc -c <"$file") && got=$((got)) ;;
        *) got=$("$digest" "$what" "$file") && got=${got##* } ;;
        esac
        [ "$got" = "$want" ] || {
            printf 'checksum: %s mismatch for %s\nERROR: expected %s, got %s\n' "$what" "$file" "$want" "$got" >&2
            exit 1
        }
        [ "$what" = Size ] || echo "=> Checksum $what OK for $file"
    done <"$distinfo"
    [ -n "$known" ] || { echo "checksum: no checksum recorded for $file" >&2; exit 1; }
done
