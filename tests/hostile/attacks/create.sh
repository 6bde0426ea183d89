# shellcheck shell=sh disable=SC2154 # the test sets name, victim, port, meet, tree, packages, distdir
# In the place of pkg_create: creates the package, then has forge.py make it worse.
"$@" || exit
for file; do :; done
exec python3 "$tree/bin/forge.py" "$file" "${name#forge-}"
