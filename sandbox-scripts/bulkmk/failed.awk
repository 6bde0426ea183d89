# failed.awk - before rules.awk: of the packages that failed before (failed=1) those that make would build (pending=1) though none of their
# dependencies is to be built: PKGNAME, the words of its line `#inputs` and its dependencies, separated by tabs.
failed { before[$1]; next }
pending { order_of[++pendings] = $1; is_pending[$1]; next }
/^#inputs / { inputs[$2] = substr($0, length($2) + 10); next }
END {
    for (i = 1; i <= pendings; i++) {
        name = order_of[i]
        if (!(name in before)) continue
        count = split(deps[name], needs, " ")
        for (j = 1; j <= count && !(needs[j] in is_pending); j++) ;
        if (j > count) print name "\t" inputs[name] "\t" deps[name]
    }
}
