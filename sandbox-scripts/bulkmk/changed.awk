# changed.awk - changed(WHAT,WHAT...): the words of outdated.awk, for people.
function changed(what, n, words, i, text) {
    n = split(what, words, ",")
    for (i = 1; i <= n; i++) text = text (text ? "; " : "") changed_word(words[i])
    return text
}
function changed_word(word) {
    if (word == "order") return "a dependency was built or put there after it"
    if (word == "files") word = "files of its directory"
    if (word == "includes") word = "makefiles that it includes"
    if (word == "needs") word = "dependencies"
    if (word == "mk") word = "files below mk/"
    if (word == "system") word = "compiler, base system, kit or mk.conf"
    return word " changed"
}
