# rule.awk - after rules.awk: prints the arguments of the recipe for the package that `want` names (a PKGNAME, a PKGPATH
# or a pkgbase): PKGNAME PKGPATH [KEY=VALUE...] -- PKGNAME..., the last being its direct dependencies. If `want` names
# several packages, the first in bulk.mk; nothing if it names none.
END {
    for (i = 1; i <= rules && found != want; i++) {
        base = order[i]
        sub(/-[^-]*$/, "", base)
        if (order[i] == want || (!found && (path[order[i]] == want || base == want))) found = order[i]
    }
    if (found) print found, path[found] (words[found] ? " " : "") words[found], "--" (deps[found] ? " " : "") deps[found]
}
