# list.awk - after changed.awk, before rules.awk: the state of each package of bulk.mk, a line each: PKGNAME PKGPATH STATE. Reads before
# bulk.mk what make would build (reading=pending), what is known of it (known), what was built from other inputs (outdated)
# and the names in PACKAGES/All (present). With dry, only what would be built, and the counts of what would not.
reading == "pending" { order_of[++pendings] = $1; is_pending[$1]; next }
reading == "known" {
    was[$1] = $2
    phase[$1] = $3
    told[$1] = $0
    sub(/^[^ ]+ [^ ]+ ?[^ ]* ?/, "", told[$1])
    next
}
reading == "outdated" { what[$1] = $2; next }
reading == "present" { there[substr($0, 1, length($0) - length(suffix))]; next }
function judge(name, count, needs, i) {
    if (was[name] == "held") return "held (pkgmkgen hold --off " name ")"
    count = split(deps[name], needs, " ")
    for (i = 1; i <= count; i++) {
        if (needs[i] in cause) return "broken by " (cause[name] = cause[needs[i]])
        if (needs[i] in is_pending && was[needs[i]] ~ /^(failed|held)$/) return "broken by " (cause[name] = needs[i])
    }
    if (was[name] == "failed") return "failed in " phase[name] (told[name] ? ": " told[name] : "")
    if (was[name] == "again") return "to be built again: failed in " phase[name] ", since then " told[name]
    if (!(name in there)) return "to be built"
    if (name in what) return "out of date: " changed(what[name])
    for (i = 1; i <= count; i++) if (needs[i] in is_pending) return "out of date: its dependency " needs[i] " is built again"
    return "out of date: a dependency is newer"
}
END {
    for (i = 1; i <= pendings; i++) {
        name = order_of[i]
        state[name] = judge(name)
        kind = state[name] ~ /^(held|failed|broken)/ ? substr(state[name], 1, 4) : ""
        if (kind != "") { left[kind]++; if (kind != "brok") names[kind] = names[kind] (names[kind] ? ", " : "") name; continue }
        builds++
        if (dry) printf "would build %s (%s)\n", name, path[name]
    }
    if (dry) {
        printf "%d packages would be built\n", builds
        if (left["fail"]) printf "%d would not: failed before, and no input has changed since (make retry builds them): %s\n", left["fail"], short(names["fail"])
        if (left["held"]) printf "%d would not: held (pkgmkgen hold --off): %s\n", left["held"], short(names["held"])
        if (left["brok"]) printf "%d would not: broken by those\n", left["brok"]
        exit
    }
    for (i = 1; i <= rules; i++) print order[i], path[order[i]], (order[i] in state ? state[order[i]] : "built")
    for (i = 1; i <= skips; i++) print left_out[i], path[left_out[i]], why[left_out[i]]
}
function short(text) { return length(text) > 200 ? substr(text, 1, 197) "..." : text }
