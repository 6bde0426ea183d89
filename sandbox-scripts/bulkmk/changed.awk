# changed.awk - changed(WHAT,WHAT...): the words of outdated.awk, for people.
function changed(what, n, words, i, text) {
    n = split(what, words, ",")
    for (i = 1; i <= n; i++) text = text (text ? "; " : "") changed_word(words[i]) " changed"
    return text
}
function changed_word(word) {
    if (word == "files") return "files of its directory"
    if (word == "includes") return "makefiles that it includes"
    if (word == "needs") return "dependencies"
    if (word == "mk") return "files below mk/"
    if (word == "system") return "compiler, base system, kit or mk.conf"
    return word
}
