# rules.awk - reads the package rules of bulk.mk: deps[PKGNAME] = the PKGNAMEs it needs directly, separated by blanks;
# order[1..rules] = the PKGNAMEs as bulk.mk lists them. A rule is one line: $A/PKGNAME$Z: $A/PKGNAME$Z ... $(_GATE)
# skips = the number of packages that are not built, from the lines `#skip PKGNAME PKGPATH REASON`.
/^\$A\/[^ ]*\$Z:/ {
    line = $0
    gsub(/\$A\//, "", line)
    gsub(/\$Z/, "", line)
    sub(/ \$\(_[0-9]+\)$/, "", line)
    name = substr(line, 1, index(line, ":") - 1)
    deps[name] = substr(line, index(line, ":") + 2)
    order[++rules] = name
}
/^#skip / { skips++ }
