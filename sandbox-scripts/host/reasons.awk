# reasons.awk - compares two lists of inputs (inputs.sh), the old one first: prints in one line how they differ, nothing if they do not.
# With try=1 lines `try` count, too; with infrastructure=rebuild those of mk/; with cascade=libraries or no another version of
# a dependency does not. At most `most` reasons are named.
BEGIN { if (!most) most = 4 }
function kind_of(line) {
    kind = $1
    value = substr(line, length(kind) + 2)
    key = ""
    if (kind == "file") { key = substr(value, 67); value = substr(value, 1, 64) }
    else if (kind == "depends") { key = value; sub(/-[^-]*$/, "", key) }
    else if (kind == "compiler") { key = $2; value = $3 }
    else if (kind == "try") { key = $2 " " $3; value = substr(value, length(key) + 2) }
    else if (kind ~ /^(option|argument|provides|requires|library)$/ || kind ~ /^mk.conf/) { key = value; value = "" }
    return kind SUBSEP key
}
FNR == NR { old_lines[++olds] = $0; old[kind_of($0)] = value; next }
{ new_lines[++news] = $0; new[kind_of($0)] = value }
function say(text) { if (++reasons <= most) said = said (said ? "; " : "") text }
function counts(kind) {
    if (kind == "option") return known
    if (kind == "mk.conf-option") return !known
    if (kind == "options") return 0
    if (kind == "mk") return infrastructure == "rebuild"
    return kind !~ /^(try|provides|requires|library)$/ || (kind == "try" && try)
}
function what(kind, key, value) {
    if (kind == "file") return substr(key, 3)
    if (kind == "depends") return "dependency " value
    if (kind == "option") return "option " key
    if (kind == "compiler") return "compiler " key
    if (kind == "base") return "base system"
    if (kind == "kit") return "bootstrap kit"
    if (kind == "prefix") return "PREFIX"
    if (kind == "includes") return "a makefile that it includes"
    if (kind == "mk") return "files below mk/"
    if (kind == "try") { sub(/.*\//, "", key); return key }
    if (kind == "argument") return key
    return "mk.conf: " key
}
END {
    known = (("options" SUBSEP) in old) && (("options" SUBSEP) in new)
    for (i = 1; i <= news; i++) {
        $0 = new_lines[i]
        id = kind_of($0)
        if (!counts(kind)) continue
        if (!(id in old)) { if (kind !~ /^(includes|mk)$/) say(what(kind, key, value) " added") }
        else if (kind == "depends" && cascade != "" && cascade != "all") ;
        else if (old[id] != value && old[id] != "-" && value != "-")
            say(kind == "depends" ? old[id] " -> " value : what(kind, key, value) " changed")
    }
    for (i = 1; i <= olds; i++) {
        $0 = old_lines[i]
        id = kind_of($0)
        if (counts(kind) && !(id in new) && kind !~ /^(includes|mk)$/) say(what(kind, key, value) " removed")
    }
    if (reasons > most) said = said "; and " reasons - most " more"
    if (said) print said
}
