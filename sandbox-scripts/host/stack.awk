# stack.awk - the layers of the package `name` (host/stack.sh), from its closure (closure=1) and the lines of bulk.mk `layer NUMBER BELOW
# PKGNAME...`, `layered PKGNAME NUMBER`: lines `layer NUMBER PKGNAME...`, the lowest first, and a line `name PKGNAME` for each package.
closure { inside[$1] = 1; next }
$1 == "layer" { line[$2] = $0; below[$2] = $3 }
$1 == "layered" && $2 == name { last = $3 }
END {
    for (at = last; at > 0; at = below[at]) pile[++count] = at
    for (i = count; i >= 1; i--) {
        words = split(line[pile[i]], word, " ")
        for (w = 4; w <= words; w++) if (!(word[w] in inside)) exit # bulk.mk has changed meanwhile
        text = "layer " pile[i]
        for (w = 4; w <= words; w++) { text = text " " word[w]; print "name", word[w] }
        print text
    }
}
