# closure.awk - after rules.awk: prints what the packages that a line after bulk.mk names (wanted=1) need, themselves included.
wanted { want = $0 }
END {
    n = split(want, queue, " ")
    for (i = 1; i <= n; i++) seen[queue[i]] = 1
    for (i = 1; i <= n; i++) {
        print queue[i]
        count = split(deps[queue[i]], more, " ")
        for (j = 1; j <= count; j++)
            if (!(more[j] in seen)) { seen[more[j]] = 1; queue[++n] = more[j] }
    }
}
