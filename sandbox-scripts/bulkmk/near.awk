# near.awk - before rules.awk: says that bulk.mk has no package and no target `wanted`, and which names are near. For make's .DEFAULT.
function least(a, b) { return a < b ? a : b }
# How many letters must be changed, added, left out or swapped with their neighbour to make b of a; at least `most` + 1 if more.
function distance(a, b, most, i, j, la, lb, best, cost, row) {
    la = length(a)
    lb = length(b)
    if (la - lb > most || lb - la > most) return most + 1
    for (j = 0; j <= lb; j++) row[0, j] = j
    for (i = 1; i <= la; i++) {
        row[i, 0] = best = i
        for (j = 1; j <= lb; j++) {
            cost = substr(a, i, 1) != substr(b, j, 1)
            row[i, j] = least(least(row[i - 1, j] + 1, row[i, j - 1] + 1), row[i - 1, j - 1] + cost)
            if (i > 1 && j > 1 && substr(a, i, 1) == substr(b, j - 1, 1) && substr(a, i - 1, 1) == substr(b, j, 1)) row[i, j] = least(row[i, j], row[i - 2, j - 2] + 1)
            best = least(best, row[i, j])
        }
        if (best > most) return most + 1
    }
    return row[la, lb]
}
function look(name, how_far) {
    if (name in seen) return
    seen[name] = 1
    how_far = distance(wanted, name, far)
    if (how_far < far || (how_far == far && found < 3)) {
        if (how_far < far) { found = 0; far = how_far }
        near[++found] = name
    }
}
function package(name, base) {
    base = name
    sub(/-[^-]*$/, "", base)
    look(base)
    look(name)
    look(path[name])
}
BEGIN { far = length(wanted) < 4 ? 1 : length(wanted) < 9 ? 2 : 3 }
END {
    n = split("all retry fetch repository publish shell list help", targets, " ")
    for (i = 1; i <= n; i++) look(targets[i])
    for (i = 1; i <= rules; i++) package(order[i])
    for (i = 1; i <= skips; i++) package(left_out[i])
    for (i = 1; i <= found && i <= 3; i++) hints = hints (i == 1 ? "" : ", ") near[i]
    printf "pkgmkgen: no package and no target '%s' in %s\n  fix: %smake -f %s list shows the packages, make -f %s help the targets\n",
        wanted, FILENAME, (hints == "" ? "" : "did you mean " hints "? "), FILENAME, FILENAME
    exit 1
}
