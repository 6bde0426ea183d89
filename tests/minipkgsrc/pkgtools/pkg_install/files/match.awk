# match.awk - whether a package's name matches a pattern, and which of two versions is newer, as pkg_install has it.

# version(v, side): takes a version apart into part[side, 1..count[side]] and revision[side]; numbers stay text, since
# they may have more digits than a number can hold.
function version(v, side,   n) {
    v = tolower(v); n = 0; revision[side] = "0"
    while (v != "") {
        if (match(v, /^[0-9]+/)) part[side, ++n] = number(substr(v, 1, RLENGTH))
        else if (match(v, /^alpha/)) part[side, ++n] = -3
        else if (match(v, /^beta/)) part[side, ++n] = -2
        else if (match(v, /^pre/) || match(v, /^rc/)) part[side, ++n] = -1
        else if (match(v, /^pl/) || match(v, /^[_.]/)) part[side, ++n] = 0
        else if (match(v, /^nb[0-9]+/)) revision[side] = number(substr(v, 3, RLENGTH - 2))
        else if (match(v, /^[a-z]/)) { part[side, ++n] = 0; part[side, ++n] = index("abcdefghijklmnopqrstuvwxyz", substr(v, 1, 1)) }
        else match(v, /^./)
        v = substr(v, RLENGTH + 1)
    }
    count[side] = n
}
function number(digits) { sub(/^0+/, "", digits); return digits == "" ? "0" : digits }

# order(a, b): negative, 0 or positive as a is less than, equal to or greater than b, two parts of versions.
function order(a, b) {
    a = a ""; b = b ""
    if (substr(a, 1, 1) == "-" || substr(b, 1, 1) == "-" || length(a) < 15 && length(b) < 15) return a - b
    if (length(a) != length(b)) return length(a) - length(b)
    return a < b ? -1 : a > b
}

# compare(v, w): the same for two whole versions.
function compare(v, w,   i, result) {
    version(v, "v"); version(w, "w")
    for (i = 1; i <= count["v"] || i <= count["w"]; i++) {
        result = order(i <= count["v"] ? part["v", i] : 0, i <= count["w"] ? part["w", i] : 0)
        if (result) return result
    }
    return order(revision["v"], revision["w"])
}

function name_version(name) { sub(/^.*-/, "", name); return name }
function name_base(name) { sub(/-[^-]*$/, "", name); return name }

# bound(v, limit): whether version v keeps a limit such as ">=1.2".
function bound(v, limit,   operator, result) {
    match(limit, /^[<>]=?/)
    operator = substr(limit, 1, RLENGTH)
    result = compare(v, substr(limit, RLENGTH + 1))
    return operator == ">=" ? result >= 0 : operator == ">" ? result > 0 : operator == "<=" ? result <= 0 : result < 0
}
function dewey(pattern, name,   at, limit, second) {
    at = match(pattern, /[<>]/)
    if (name !~ /-/ || substr(pattern, 1, at - 1) != name_base(name)) return 0
    limit = substr(pattern, at)
    second = index(limit, "<")
    if (limit ~ /^>/ && second)
        return bound(name_version(name), substr(limit, 1, second - 1)) && bound(name_version(name), substr(limit, second))
    return bound(name_version(name), limit)
}

# glob(pattern, name): fnmatch by way of a regular expression.
function glob(pattern, name,   i, c, close_, regex) {
    if (name ~ /^[.]/ && pattern !~ /^[.]/) return 0
    regex = "^"
    for (i = 1; i <= length(pattern); i++) {
        c = substr(pattern, i, 1)
        if (c == "*") regex = regex ".*"
        else if (c == "?") regex = regex "."
        else if (c == "[" && (close_ = index(substr(pattern, i + 2), "]"))) {
            c = substr(pattern, i, close_ + 2)
            sub(/^\[!/, "[^", c)
            regex = regex c
            i += close_ + 1
        } else if (c ~ /[A-Za-z0-9]/) regex = regex c
        else regex = regex (c == "^" || c == "\\" ? "\\" c : "[" c "]")
    }
    return name ~ (regex "$")
}

# braces(pattern, name): tries each alternative of the first pair of braces.
function braces(pattern, name,   at, i, c, depth, from, rest, n, list) {
    at = index(pattern, "{")
    depth = 0; from = at + 1; n = 0
    for (i = at; i <= length(pattern); i++) {
        c = substr(pattern, i, 1)
        if (c == "{") depth++
        else if (c == "}") depth--
        if (depth == 0 || depth == 1 && c == ",") { list[++n] = substr(pattern, from, i - from); from = i + 1 }
        if (depth == 0) break
    }
    if (depth) return 0
    rest = substr(pattern, i + 1)
    for (i = 1; i <= n; i++)
        if (matches(substr(pattern, 1, at - 1) list[i] rest, name)) return 1
    return 0
}

# matches(pattern, name): the pattern as a dependency names it.
function matches(pattern, name,   i, c) {
    for (i = 1; i <= 2; i++) {
        c = substr(pattern, i, 1)
        if (c !~ /^[A-Za-z0-9-]$/) break
        if (c != substr(name, i, 1)) return 0
    }
    if (pattern ~ /[{]/) return braces(pattern, name)
    if (pattern ~ /[<>]/) return dewey(pattern, name)
    if (pattern ~ /[]*?[]/) return glob(pattern, name)
    return pattern == name
}

# fits(pattern, name): the pattern as a person gives it; a bare base name stands for every version.
function fits(pattern, name) { return matches(pattern, name) || pattern !~ /[{<>]/ && matches(pattern "-[0-9]*", name) }

# better(name, best): whether name is to be preferred to best, the choice so far.
function better(name, best,   result) {
    if (best == "") return 1
    result = compare(name_version(name), name_version(best))
    return result > 0 || result == 0 && name < best
}
