# required.awk - after pattern.awk: from the lines of publish.awk and complete.awk, prints the missing packages that are `required`:
# a line for each package not built yet (all), or for each pattern in the file of that name that no package to be published
# matches. After 20 lines the rest is counted. Exit: 0; 2 the file cannot be read.
function missing(text) { if (++lines <= 20) print "  " text }
$1 == "publish" { order[++names] = $2 }
required == "all" && $1 == "missing" { missing($2 " is not built yet") }
required == "all" && $1 == "lacks" { missing($2 " depends on " $3 ", which is not there") }
END {
    if (required != "all") {
        while ((got = (getline pattern <required)) > 0) {
            sub(/#.*/, "", pattern)
            gsub(/^[ \t]+|[ \t\r]+$/, "", pattern)
            if (pattern == "") continue
            for (i = 1; i <= names; i++) if (matches(pattern, order[i])) break
            if (i > names) missing("no package matches " pattern)
        }
        if (got < 0) exit 2
    }
    if (lines > 20) print "  and " lines - 20 " more"
}
