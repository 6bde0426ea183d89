# needs.awk - after rules.awk: prints the direct dependencies of the PKGNAME `want`, a line each, between the words `before` and `after`.
END {
    n = split(deps[want], names, " ")
    for (i = 1; i <= n; i++) print before names[i] after
}
