# pattern.awk - functions: dependency patterns by the rules of pkg_install and pbulk (match.c, dewey.c), as
# pkgmkgen/resolve/pattern.py has them. POSIX awk, bytes (LC_ALL=C).

# matches PATTERN NAME
function matches(pattern, name,   all, n, i) {
    if (!may_match(pattern, name)) return 0
    n = expand(pattern, all)
    for (i = 1; i <= n; i++) if (matches_one(all[i], name)) return 1
    return 0
}

# may_match: are the first two characters the same, where the pattern is plain?
function may_match(pattern, name,   i, c) {
    for (i = 1; i <= 2; i++) {
        c = substr(pattern, i, 1)
        if (c !~ /[A-Za-z0-9-]/) return 1
        if (c != substr(name, i, 1)) return 0
    }
    return 1
}

# expand PATTERN ALL: fills ALL[1..n] with the pattern's brace alternatives, returns n; 0 if the braces do not balance or
# have more than 4096 alternatives.
function expand(pattern, all,   todo, left, n, one, at, start, depth, cuts, cut, c) {
    todo[left = 1] = pattern
    while (left > 0) {
        one = todo[left--]
        if (!(start = index(one, "{"))) { all[++n] = one; continue }
        cuts[cut = 1] = start
        depth = 0
        for (at = start; at <= length(one); at++) {
            c = substr(one, at, 1)
            if (c == "{") depth++
            else if (c == "," && depth == 1) cuts[++cut] = at
            else if (c == "}" && --depth == 0) break
        }
        if (at > length(one) || left + cut + n > 4096) return 0
        cuts[cut + 1] = at
        for (; cut >= 1; cut--)
            todo[++left] = substr(one, 1, start - 1) substr(one, cuts[cut] + 1, cuts[cut + 1] - cuts[cut] - 1) substr(one, at + 1)
    }
    return n
}

# matches_one PATTERN NAME: a pattern without braces.
function matches_one(pattern, name,   at) {
    if (!may_match(pattern, name)) return 0
    if (pattern ~ /[<>]/) return in_range(pattern, name)
    if (pattern ~ /[]*?[]/) return glob(pattern, name)
    return pattern "" == name ""
}

# in_range: `base>=1.0`, `base>=1.0<2`. Only a lower bound may be followed by an upper one.
function in_range(pattern, name,   op, rest, version, upper) {
    match(name, /.*-/)
    if (RLENGTH < 1) return 0
    version = substr(name, RLENGTH + 1)
    match(pattern, /[<>]=?/)
    if (substr(pattern, 1, RSTART - 1) "-" != substr(name, 1, length(name) - length(version))) return 0
    op = substr(pattern, RSTART, RLENGTH)
    rest = substr(pattern, RSTART + RLENGTH)
    if (op ~ /^>/ && match(rest, /<=?/)) {
        upper = RSTART + RLENGTH
        if (!holds(version, substr(rest, RSTART, RLENGTH), substr(rest, upper))) return 0
        match(rest, /<=?/)
        rest = substr(rest, 1, RSTART - 1)
    }
    return holds(version, op, rest)
}
function holds(version, op, bound,   order) {
    order = version_order(version, bound)
    return op == ">=" ? order >= 0 : op == "<=" ? order <= 0 : op == ">" ? order > 0 : order < 0
}

# version_order A B: below, equal to or above 0 as A comes before, with or after B.
function version_order(a, b,   as, bs, i, n, order) {
    n = version_parts(a, as)
    i = version_parts(b, bs)
    if (i > n) n = i
    for (i = 1; i <= n; i++) if ((order = number_order(as[i], bs[i]))) return order
    return number_order(as["nb"], bs["nb"])
}

# version_parts TEXT PARTS: fills PARTS[1..n] and PARTS["nb"], returns n.
function version_parts(text, parts,   n) {
    text = tolower(text)
    parts["nb"] = 0
    while (text != "") {
        if (match(text, /^[0-9]+/)) parts[++n] = substr(text, 1, RLENGTH)
        else if (match(text, /^alpha/)) parts[++n] = -3
        else if (match(text, /^beta/)) parts[++n] = -2
        else if (match(text, /^(pre|rc)/)) parts[++n] = -1
        else if (match(text, /^(pl|_|\.)/)) parts[++n] = 0
        else if (match(text, /^nb[0-9]*/)) parts["nb"] = substr(text, 3, RLENGTH - 2)
        else if (match(text, /^[a-z]/)) { parts[++n] = 0; parts[++n] = index("abcdefghijklmnopqrstuvwxyz", substr(text, 1, 1)) }
        else RLENGTH = 1
        text = substr(text, RLENGTH + 1)
    }
    return n
}

# number_order A B: numbers of any length; a missing one is 0.
function number_order(a, b) {
    if (length(a) < 16 && length(b) < 16) return a - b
    sub(/^0+/, "", a)
    sub(/^0+/, "", b)
    if (length(a) != length(b)) return length(a) - length(b)
    return "x" a < "x" b ? -1 : "x" a > "x" b
}

# glob: fnmatch(3) of the whole name; a leading period is special. A star never needs a second try once a later one is met.
function glob(pattern, name,   p, n, star, mark, width) {
    if (name ~ /^\./ && pattern !~ /^\\?\./) return 0
    p = n = 1
    while (n <= length(name)) {
        if (substr(pattern, p, 1) == "*") { star = p++; mark = n }
        else if ((width = glob_one(pattern, p, substr(name, n, 1)))) { p += width; n++ }
        else if (star) { p = star + 1; n = ++mark }
        else return 0
    }
    while (substr(pattern, p, 1) == "*") p++
    return p > length(pattern)
}

# glob_one: how many characters of PATTERN at P match the character C; 0 if they do not.
function glob_one(pattern, p, c,   at, width) {
    at = substr(pattern, p, 1)
    if (at == "?") return 1
    if (at == "[" && match(substr(pattern, p), /^\[[!^]?(\\.|\[:[a-z]*:\]|[^\\])(\\.|\[:[a-z]*:\]|[^]\\])*\]/)) {
        width = RLENGTH
        return glob_set(substr(pattern, p + 1, width - 2), c) ? width : 0
    }
    if (at == "\\" && p < length(pattern)) return substr(pattern, p + 1, 1) == c ? 2 : 0
    return at != "" && at == c
}
function glob_set(body, c,   not, found, low, high) {
    if ((not = body ~ /^[!^]/)) body = substr(body, 2)
    while (body != "") {
        if (match(body, /^\[:[a-z]*:\]/)) {
            if (index(glob_class(substr(body, 3, RLENGTH - 4)), c)) found = 1
            body = substr(body, RLENGTH + 1)
            continue
        }
        if (body ~ /^\\./) body = substr(body, 2)
        low = high = substr(body, 1, 1)
        body = substr(body, 2)
        if (body ~ /^-./) {
            body = substr(body, 2)
            if (body ~ /^\\./) body = substr(body, 2)
            high = substr(body, 1, 1)
            body = substr(body, 2)
        }
        if ("x" low <= "x" c && "x" c <= "x" high) found = 1
    }
    return found ? !not : not
}
function glob_class(name,   upper, lower) {
    upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    lower = "abcdefghijklmnopqrstuvwxyz"
    if (name == "alnum") return upper lower "0123456789"
    if (name == "alpha") return upper lower
    if (name == "digit") return "0123456789"
    if (name == "upper") return upper
    if (name == "lower") return lower
    if (name == "xdigit") return "0123456789abcdefABCDEF"
    if (name == "blank") return " \t"
    if (name == "space") return " \t\n\r\f\v"
    return name == "punct" ? "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~" : ""
}
