# complete.awk - after pattern.awk: reads pkg_summary records (records=1), then the lines of publish.awk, and prints those
# again. If no package to be published matches a pattern of DEPENDS of a package, that package could not be installed: its line
# becomes `lacks NAME PATTERN`. The same holds for packages that then lack it. `suffix` is that of binary packages.
records {
    if (/^FILE_NAME=/) name = substr($0, 11, length($0) - 10 - length(suffix))
    else if (/^DEPENDS=/) pattern[++many] = substr($0, 9)
    else if (/^$/) {
        for (; many; many--) needs[name, ++count[name]] = pattern[many]
        name = ""
    }
    next
}
$1 == "publish" {
    offered[$2] = 1
    order[++names] = $2
    # Index by the text before the last `-`, which ranges have, and before any `-` with a digit after it, which other patterns have.
    match($2, /.*-/)
    begins($2, last = RLENGTH)
    for (from = 1; match(substr($2, from), /-[0-9]/); from += RSTART) if (from + RSTART - 1 != last) begins($2, from + RSTART - 1)
    next
}
{ print }
function begins(name, end) { end = substr(name, 1, end - 1); begun[end, ++beginnings[end]] = name }
function candidate(wanted, one, name) {
    if ((wanted, name) in known || !matches_one(one, name)) return
    known[wanted, name] = 1
    rivals[wanted]++
    serves[name, ++served[name]] = wanted
}
# search: sets rivals[WANTED] to the number of offered packages that match it, and stores WANTED with each of them.
function search(wanted,   all, n, i, j, one, plain) {
    rivals[wanted] = 0
    for (n = expand(wanted, all); n; n--) {
        one = plain = all[n]
        if (plain ~ /[<>]/) sub(/[<>].*/, "", plain)
        else if (plain !~ /[]*?[]/) { if (plain in offered) candidate(wanted, one, plain); continue }
        else if (match(plain, /^[^]*?[\\]*-(\[0-9\]\*$|[0-9])/) && match(plain, /-[0-9[]/)) plain = substr(plain, 1, RSTART - 1)
        else {
            for (i = 1; i <= names; i++) candidate(wanted, one, order[i])
            continue
        }
        for (j = 1; j <= beginnings[plain]; j++) candidate(wanted, one, begun[plain, j])
    }
}
function leave(name, wanted) {
    if (!(name in offered)) return
    delete offered[name]
    print "lacks", name, wanted
    queue[++gone] = name
}
END {
    for (i = 1; i <= names; i++)
        for (j = 1; j <= count[order[i]]; j++) {
            wanted = needs[order[i], j]
            if (!(wanted in rivals)) search(wanted)
            users[wanted, ++used[wanted]] = order[i]
        }
    for (i = 1; i <= names; i++)
        for (j = 1; j <= count[order[i]]; j++) if (!rivals[needs[order[i], j]]) leave(order[i], needs[order[i], j])
    for (i = 1; i <= gone; i++)
        for (j = 1; j <= served[queue[i]]; j++)
            if (!--rivals[serves[queue[i], j]]) {
                wanted = serves[queue[i], j]
                for (k = 1; k <= used[wanted]; k++) leave(users[wanted, k], wanted)
            }
    for (i = 1; i <= names; i++) if (order[i] in offered) print "publish", order[i]
}
