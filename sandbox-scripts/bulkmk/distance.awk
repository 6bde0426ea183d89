# distance.awk - before near.awk and variables.awk: look(NAME) keeps in near[1..found] the names that are nearest to `wanted`;
# nearest(WANTED) begins anew, and meant() returns them as a question.
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
function nearest(word) {
    split("", seen)
    wanted = word
    found = 0
    far = length(wanted) < 4 ? 1 : length(wanted) < 9 ? 2 : 3
}
function meant(i, text) {
    for (i = 1; i <= found && i <= 3; i++) text = text (i == 1 ? "did you mean " : " or ") near[i]
    return text == "" ? "" : text "? "
}
