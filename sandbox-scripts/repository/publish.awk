# publish.awk - from a plan (plan.awk) after the names of the binary packages that are there (present=1, with suffix): what
# may be published, a line each: `publish NAME`; `restricted NAME`; `needs NAME RESTRICTED_OR_MISSING`, since it could
# not be installed from there; `failed NAME`: its last build failed (failures=1, names); `missing NAME`: neither there nor
# failed, and all is there that it needs: it is to be built yet; `old NAME`: the plan does not have it.
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
# spread: what depends on the packages in queue[1..last], and what depends on that, joins them; `why` gets whose fault it is.
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
