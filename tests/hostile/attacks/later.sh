# shellcheck shell=sh disable=SC2154 # the test sets name, victim, port, meet, tree, packages, distdir
# DEINSTALL: has forge.py replace the package after it was made.
[ "$2" = DEINSTALL ] || exit 0
file=$(find /sandbox/work -name "$name-1.0.tgz" | head -n 1)
python3 "$tree/bin/forge.py" "$file" "${name#later-}"
exit 0
