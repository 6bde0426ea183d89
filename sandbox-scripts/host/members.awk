# members.awk - reads how `tar -tv --numeric-owner` lists a binary package; prints what is wrong with it, if anything.
# A line: permissions, owner, size, date and time (GNU has 5 words, others 8), the member; unusual characters are quoted.
function wrong(text) { print text; done = 1; exit }
# below: is NAME, or the name that a hard link leads to, below a symbolic link of the package?
function below(name,    parts, path, count, i) {
    sub(/^(\.?\/)+/, "", name)
    while (sub(/\/\.?\//, "/", name)) continue
    count = split(name, parts, "/")
    for (i = 1; i < count; i++) {
        path = path parts[i]
        if (path in links) return 1
        path = path "/"
    }
    return 0
}
$0 == "unreadable" { wrong("it is no whole archive") }
/^[bcps]/ { wrong("a member is a device, fifo or socket") }
!/^[-dlh]/ { wrong("a member is of an unknown kind") }
{
    member = $0
    words = $2 ~ /\// ? 5 : 8
    for (i = 1; i <= words; i++) sub(/^[^ ]+ +/, "", member)
    at = index(member, " -> ")
    if (/^l/ && at) {
        if (index(substr(member, at + 4), " -> ")) wrong("a link's name cannot be told from where it leads")
        member = substr(member, 1, at - 1)
    }
    sub(/ link to /, "//", member)
    if (member ~ /^\// || (/^h/ && member ~ /\/\/\//)) wrong("a member has an absolute name")
    if (member ~ /(^|\/)\.\.(\/|$)/) wrong("a member's name leads out of the package: ..")
    split(member, both, "//")
    if (/^h/ ? below(both[1]) || below(both[2]) : below(member)) wrong("a member is below a link")
    sub(/^\.\//, "", member)
    if (/^l/) links[member] = 1
    if (member == "+CONTENTS" && /^-/) contents++
}
END { if (!done && contents != 1) print "it is no package: " contents + 0 " files named +CONTENTS" }
