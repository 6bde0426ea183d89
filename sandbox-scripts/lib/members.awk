# members.awk - reads how `tar -tv --numeric-owner` lists a binary package; prints what is wrong with it, if anything.
# A line: permissions, owner, size, date and time (GNU has 5 words, others 8), the member; unusual characters are quoted.
function wrong(text) { print text; done = 1; exit }
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
    sub(/^\.\//, "", member)
    if (member == "+CONTENTS" && /^-/) contents++
}
END { if (!done && contents != 1) print "it is no package: " contents + 0 " files named +CONTENTS" }
