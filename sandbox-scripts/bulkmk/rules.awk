# rules.awk - the reader of bulk.mk: its machine lines, which begin with `#` and a word, and its package rules. By PKGNAME:
#   path words seconds maintainer restricted   of a package to be built (`words` are KEY=VALUE arguments); order[1..rules] has them as
#     bulk.mk does, the most urgent first; deps = the PKGNAMEs it needs directly, separated by blanks
#   path why                                   of a package that is not built; left_out[1..skips] has them
# A rule is one line: $(ALL)/PKGNAME$(SUFX): $(ALL)/PKGNAME$(SUFX) ... $(_GATE)
/^#job / {
    name = order[++rules] = $2
    path[name] = $3
    seconds[name] = $4
    sub(/^#job [^ ]+ [^ ]+ [^ ]+ [^ ]+ [^ ]+ ?/, "")
    words[name] = $0
    next
}
/^\$\(ALL\)\/[^ ]*\$\(SUFX\):/ {
    line = $0
    gsub(/\$\(ALL\)\/|\$\(SUFX\)/, "", line)
    sub(/ \$\(_[0-9]+\)$/, "", line)
    deps[substr(line, 1, index(line, ":") - 1)] = substr(line, index(line, ":") + 2)
    next
}
/^#(maintainer|restricted|skip) / {
    word = $1
    name = $2
    sub(/^#[a-z]+ [^ ]+ /, "")
    if (word == "#maintainer") maintainer[name] = $0
    else if (word == "#restricted") restricted[name] = $0
    else {
        left_out[++skips] = name
        path[name] = $1
        why[name] = substr($0, length($1) + 2)
    }
    next
}
