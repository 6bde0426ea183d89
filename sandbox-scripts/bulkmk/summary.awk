# summary.awk - before rules.awk: the state of every package of bulk.mk. Reads the journal of the run (events=1) and the
# names in PACKAGES/All (present=1, with suffix), the run's results (results=1) before bulk.mk. Prints the counts; writes
# `broken`, a line `PKGNAME broken by PKGNAME` each, to the file in `brokenfile`, and to that in `statesfile` a line for
# every package: `PKGNAME WORD DETAIL`, as `pkgmkgen help reports` has it. In a run that was halted (halted=1), packages that were not done say so.
# If the run was for the PKGNAMEs `only`, packages that these do not need are not counted.
events && $1 == "built" { built[$2] = 1 }
events { if ($1 == "failed" && !($2 in failed)) { failed[$2] = $3; firsts[++fails] = $2 } next }
present { there[substr($0, 1, length($0) - length(suffix))] = 1; next }
results { if (/^STATUS=/) word = substr($0, 8); else if (/^PKGNAME=/) verdict[substr($0, 9)] = word; next }
function breaks(by, n, queue, i, edge, up) {
    queue[n = 1] = by
    for (i = 1; i <= n; i++)
        for (edge = first[queue[i]]; edge; edge = following[edge]) {
            up = dependent[edge]
            if (!(up in broken) && !(up in failed)) { broken[up] = by; queue[++n] = up }
        }
}
# needed: those of `only` and all that they need.
function needed(n, names, i, j, count) {
    n = split(only, names, " ")
    for (i = 1; i <= n; i++) part[names[i]]
    for (i = 1; i <= n; i++) {
        count = split(deps[names[i]], needs, " ")
        for (j = 1; j <= count; j++) if (!(needs[j] in part)) { part[needs[j]]; names[++n] = needs[j] }
    }
}
END {
    needed()
    for (i = 1; i <= rules; i++) {
        count = split(deps[order[i]], needs, " ")
        for (j = 1; j <= count; j++) { following[++edges] = first[needs[j]]; first[needs[j]] = edges; dependent[edges] = order[i] }
    }
    for (i = 1; i <= fails; i++) breaks(firsts[i])
    for (i = 1; i <= rules; i++) {
        name = order[i]
        if (only && !(name in part)) { print name, "not done" >statesfile; others++; continue }
        state = name in failed ? (name in verdict && verdict[name] != "built" ? verdict[name] : "failed") " in " failed[name] : \
            name in built ? "built" : name in broken ? "broken by " broken[name] : name in there ? "up to date" : \
            halted ? "halted" : "not done"
        print name, state >statesfile
        if (name in failed) { n_failed++; printf "  failed     %s in %s: %s/%s/%s.log\n", name, failed[name], logs, name, failed[name] }
        else if (name in built) n_built++
        else if (name in broken) { n_broken++; print name " broken by " broken[name] >brokenfile }
        else if (name in there) n_there++
        else n_left++
    }
    for (i = 1; i <= skips; i++) {
        name = left_out[i]
        print name, (why[name] ~ /^[^ ]*unresolved/ ? "unresolved " : "skipped ") why[name] >statesfile
    }
    printf "%d packages: %d built, %d up to date, %d failed, %d broken by those, %d skipped", \
        rules + skips - others, n_built, n_there, n_failed, n_broken, skips
    printf n_left ? ", %d not done\n" : "\n", n_left
    exit n_failed + n_left > 0
}
