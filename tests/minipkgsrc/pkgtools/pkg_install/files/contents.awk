# contents.awk - a binary package's +CONTENTS. The first file lists the installed packages, the second is the packing list.
# Environment: NAME (unless the list has @name), PREFIX, RUNS, BUILDS, CONFLICTS (patterns), META (files that describe
# the package), SUMS (file of lines "MD5  FILE"). Needs match.awk.
function built_with(patterns, run,   n, i, word, package, best) {
    n = split(patterns, word, /[ \t\n]+/)
    for (i = 1; i <= n; i++) {
        if (word[i] == "") continue
        best = ""
        for (package in installed) if (fits(word[i], package) && better(package, best)) best = package
        if (best == "") print "pkg_create: no package installed matches " word[i] >"/dev/stderr"
        else if (!((best, run) in said)) { said[best, run]; print "@blddep " best }
        if (run) print "@pkgdep " word[i]
    }
}
function head(   n, i, word) {
    if (headed++) return
    print "@name " (name == "" ? ENVIRON["NAME"] : name)
    print "@cwd " ENVIRON["PREFIX"]
    built_with(ENVIRON["RUNS"], 1)
    built_with(ENVIRON["BUILDS"], 0)
    n = split(ENVIRON["CONFLICTS"], word, /[ \t\n]+/)
    for (i = 1; i <= n; i++) if (word[i] != "") print "@pkgcfl " word[i]
}
BEGIN { while ((getline line <ENVIRON["SUMS"]) > 0) sum[substr(line, 35)] = substr(line, 1, 32) }
FILENAME == "-" { installed[$1]; next }
$1 == "@name" { name = $2; next }
{ head(); print }
!/^@/ && $0 in sum { print "@comment MD5:" sum[$0] }
END {
    head()
    print "@cwd ."
    n = split(ENVIRON["META"], word, " ")
    for (i = 2; i <= n; i++) print "@ignore\n" word[i]
}
