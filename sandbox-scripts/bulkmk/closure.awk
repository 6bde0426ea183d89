# closure.awk - after rules.awk: reads PKGNAMEs, a line each, while `wanted` is set; prints them and all their dependencies.
wanted { queue[++n] = $0 }
END {
    for (i = 1; i <= n; i++) seen[queue[i]] = 1
    for (i = 1; i <= n; i++) {
        print queue[i]
        count = split(deps[queue[i]], more, " ")
        for (j = 1; j <= count; j++)
            if (!(more[j] in seen)) { seen[more[j]] = 1; queue[++n] = more[j] }
    }
}
