# outdated.awk - compares the inputs in the lines `#inputs` of bulk.mk with those that the packages in PACKAGES/All were built from. Prints a
# line for each package that differs: PKGNAME WHAT,WHAT... with the words files includes options needs arguments mk system order.
# Reads first PACKAGES/.inputs/index (recorded=1), then `ls -lin` of PACKAGES/All (with suffix), then those lines and the rules of
# the packages, each after its line. A line of the index:
#   PKGNAME INODE BYTES SHA256 MK SYSTEM OPTIONS_OF_MK.CONF WORD... AT=NUMBER
# The SHA256 has 16 digits, the WORDs are those of the line `#inputs`. A package has a larger NUMBER than those that it was built with: if
# a dependency has a larger one, it was built or put there later (`order`), whatever the times of the files are.
# The last line of a package counts, if inode and size are those of its file. What is `-`, or no word, is not known and differs from
# nothing. With unknown=1 it prints instead the packages of which no such line is known. All packages of the tree pass here
# each time make reads bulk.mk: equal texts are not taken apart.
recorded { was[$1] = $0; next }
/^#inputs / {
    name = $2
    if (!(name in there)) next
    if (unknown) { if (!(name in rest)) print name; next }
    if (!(name in rest)) next
    now = substr($0, length(name) + 10)
    if (rest[name] != mk " " shared " " conf " " now) {
        what = differences(rest[name], now)
        if (what) { print name, what; told[name] }
    }
    next
}
/^\$/ {
    if (unknown) next
    name = substr($1, 1, length($1) - 1)
    if (!(name in at)) next
    own = at[name]
    for (i = 2; i <= NF; i++)
        if ($i in at && at[$i] > own) {
            name = bare(name)
            if (!(name in told)) print name, "order"
            next
        }
    next
}
{
    name = substr($10, 1, length($10) - length(suffix))
    if (NF == 10 && name suffix == $10) {
        begin = name " " $1 " " $6 " "
        if (name in was && substr(was[name], 1, length(begin)) == begin) {
            text = substr(was[name], length(begin) + 18)
            if ((where = index(text, " AT="))) {
                at["$(ALL)/" name "$(SUFX)"] = substr(text, where + 4) + 0
                text = substr(text, 1, where - 1)
            }
            rest[name] = text
        }
        there[name]
    }
}
function bare(text) { return substr(text, 8, length(text) - 14) }
function differ(one, other) { return one != other && one != "-" && other != "-" }
# word KEY: the value in `words` of this KEY, `-` if there is none.
function word(key, words) { return match(" " words, " " key "=[^ ]*") ? substr(words, RSTART + length(key) + 1, RLENGTH - length(key) - 2) : "-" }
function differences(old, now, f, what, was_words, key, n, i) {
    split(old, f, " ")
    was_words = substr(old, length(f[1] f[2] f[3]) + 4)
    n = split("FILES INCLUDES OPTIONS NEEDS", keys, " ")
    for (i = 1; i <= n; i++) {
        key = keys[i]
        if (differ(word(key, was_words), word(key, now))) what = what "," tolower(key)
    }
    if (plain(was_words) != plain(now)) what = what ",arguments"
    if (infrastructure == "rebuild" && differ(f[1], mk)) what = what ",mk"
    if (differ(f[2], shared) || (differ(f[3], conf) && (word("OPTIONS", was_words) == "-" || word("OPTIONS", now) == "-"))) what = what ",system"
    return substr(what, 2)
}
function plain(words) {
    words = " " words
    gsub(/ (FILES|INCLUDES|OPTIONS|NEEDS)=[^ ]*/, "", words)
    return words
}
