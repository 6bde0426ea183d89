# publish.awk - reads the names of the existing binary packages (present=1, with suffix) and a plan (plan.awk); prints for each
# package whether it may be published: `publish NAME`; `restricted NAME`; `needs NAME RESTRICTED_OR_MISSING`: it could not be
# installed from the repository; `failed NAME`: its last build failed (failures=1, names); `missing NAME`: not built yet, not
# failed, and all its dependencies exist; `old NAME`: it is not in the plan.
present {
    if (substr($0, length($0) - length(suffix) + 1) == suffix) there[substr($0, 1, length($0) - length(suffix))] = 1
    next
}
failures { failed[$1] = 1; next }
$1 == "build" {
    planned[$2] = 1
    order[++n] = $2
    for (i = 4; i <= NF; i++) { following[++edges] = first[$i]; first[$i] = edges; dependent[edges] = $2 }
}
$1 == "restricted" { restricted[$2] = 1 }
# spread: adds to queue[1..last] all packages that depend on its packages, directly or not; `why` gets the cause.
function spread(why,   i, edge, up) {
    for (i = 1; i <= last; i++)
        for (edge = first[queue[i]]; edge; edge = following[edge]) {
            up = dependent[edge]
            if (!(up in why)) { why[up] = queue[i] in why ? why[queue[i]] : queue[i]; queue[++last] = up }
        }
}
END {
    for (i = 1; i <= n; i++) if (order[i] in failed || !(order[i] in there)) queue[++last] = order[i]
    spread(waits)
    last = 0
    for (i = 1; i <= n; i++) if (order[i] in restricted || order[i] in failed || !(order[i] in there)) queue[++last] = order[i]
    spread(because)
    for (i = 1; i <= n; i++) {
        name = order[i]
        if (!(name in there)) {
            if (!(name in failed || name in waits)) print "missing", name
            continue
        }
        if (name in restricted) print "restricted", name
        else if (name in failed) print "failed", name
        else if (name in because) print "needs", name, because[name]
        else print "publish", name
    }
    for (name in there) if (!(name in planned)) print "old", name
}
