#!/bin/sh
# depends.sh PATTERN:DIRECTORY... - what is not installed is installed by DEPENDS_TARGET in its directory.
# Environment: PKG_INFO (command), MAKE, DEPENDS_TARGET.
set -eu
for depend; do
    pattern=${depend%:*} directory=${depend##*:}
    if found=$($PKG_INFO -E "$pattern"); then
        echo "=> Dependency $pattern: found $found"
        continue
    fi
    echo "=> Dependency $pattern: NOT found"
    (cd -- "$directory" && PKGNAME_REQD=$pattern $MAKE "$DEPENDS_TARGET")
    $PKG_INFO -q -e "$pattern" || {
        echo "ERROR: $directory was made, yet no package matching $pattern is installed" >&2
        exit 1
    }
done
