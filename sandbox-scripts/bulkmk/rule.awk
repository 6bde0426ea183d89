# rule.awk - after rules.awk: prints the arguments of the recipe for the package that `want` names (a PKGNAME, a PKGPATH
# or a pkgbase): PKGNAME PKGPATH [KEY=VALUE...] -- PKGNAME..., the last being its direct dependencies. If `want` names
# several packages, the first in bulk.mk; nothing if it names none.
/^[^\t#$ ][^=]*: [^ ]+$/ && !found {
    names = substr($0, 1, index($0, ": ") - 1)
    if (index(" " names " ", " " want " ")) { found = $NF; gsub(/\$A\/|\$Z/, "", found) }
}
/^\t@\$B / { if ($2 == found || $2 == want) { found = $2; recipe = $0; sub(/^\t@\$B /, "", recipe); sub(/ -- .*/, " --", recipe) } }
END { if (recipe) print recipe, deps[found] }
