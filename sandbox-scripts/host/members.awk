# members.awk - reads how `tar -tv` lists a binary package (package_fault of leavings.sh); prints the first fault, if any.
# A line: permissions, owner, size, date and time (GNU has 5 words, others 8), the member. Unusual characters are quoted, but not by
# pax; its last line counts the members.
function wrong(text) { print text; done = 1; exit }
function normal(name) {
    sub(/^(\.?\/)+/, "", name)
    while (gsub(/\/\.?\//, "/", name)) continue
    sub(/\/\.?$/, "", name)
    return name
}
# below: do the first parts of NAME, or with WHOLE all of it, name a link of the package?
function below(name, whole,    parts, path, count, i) {
    count = split(name, parts, "/") + whole
    for (i = 1; i < count; i++) {
        path = path parts[i]
        if (path in links) return 1
        path = path "/"
    }
    return 0
}
$0 == "unreadable" { wrong("it is no whole archive") }
words == 8 && /^tar: [a-z]+ vol [0-9]+, [0-9]+ files, / { counted = NR; count = $5; next }
/^[bcps]/ { wrong("a member is a device, fifo or socket") }
!/^[-dlh]/ { wrong("a member is of an unknown kind") }
{
    member = $0
    target = ""
    if (NR == 1) words = $2 ~ /\// ? 5 : 8
    for (i = 1; i <= words; i++) sub(/^[^ ]+ +/, "", member)
    arrow = /^l/ ? " -> " : /^h/ ? " link to " : words == 8 ? " == " : ""
    if (arrow == " == " && below(normal(member), 1)) wrong("a member is below a link") # the arrow may be part of its name
    if (arrow != "" && (at = index(member, arrow))) {
        target = substr(member, at + length(arrow))
        member = substr(member, 1, at - 1)
        if (index(target, arrow)) wrong("a link's name cannot be told from where it leads")
    }
    if (/^l/) target = ""
    if (member ~ /^\// || target ~ /^\//) wrong("a member has an absolute name")
    if ((member "/" target) ~ /(^|\/)\.\.(\/|$)/) wrong("a member's name leads out of the package: ..")
    member = normal(member)
    target = normal(target)
    if (below(member, !/^l/) || below(target, 0)) wrong("a member is below a link")
    if (member ~ /^\+CONTENTS\//) wrong("+CONTENTS is no plain file")
    if (/^l/ || target in links) links[member] = 1
    if (member == "+CONTENTS") contents += /^-/ && target == "" ? 1 : 2
}
END {
    if (done) exit
    if (counted && (counted != NR || count != NR - 1)) print "a member's name has more than one line"
    else if (contents != 1) print "it is no package: " contents + 0 " files named +CONTENTS"
}
