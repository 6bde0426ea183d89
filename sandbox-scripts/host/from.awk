# from.awk - after repository/pattern.awk: does a package of a repository fit? Reads the KEY=VALUE lines of this machine (here=1), then
# those of the package: its record in pkg_summary, or (own) its build information with DEPENDS and BUILT_WITH. `needs` are its direct
# dependencies here, `options` its options (`=` between them, `-` if not known), `file` its file name. Prints the first reason why not.
BEGIN {
    n = split(needs, list, " ")
    for (i = 1; i <= n; i++) {
        direct[list[i]]
        base = list[i]
        sub(/-[^-]*$/, "", base)
        version[base] = list[i]
    }
}
function no(text) { if (!why) why = text }
# sorted TEXT: its words without duplicates, in order.
function sorted(text,   words, n, i, j, word, out) {
    n = split(text, words, " ")
    for (i = 2; i <= n; i++) for (j = i; j > 1 && words[j - 1] > words[j]; j--) { word = words[j]; words[j] = words[j - 1]; words[j - 1] = word }
    for (i = 1; i <= n; i++) if (i == 1 || words[i] != words[i - 1]) out = out (out ? " " : "") words[i]
    return out
}
# release: is version A of the system that of B? Packages of an older release of the same NetBSD are as good.
function release(a, b, as, bs) {
    if (a == b) return 1
    split(a, as, ".")
    split(b, bs, ".")
    return mine["OPSYS"] == "NetBSD" && as[1] == bs[1] && as[2] + 0 <= bs[2] + 0
}
{
    at = index($0, "=")
    key = substr($0, 1, at - 1)
    value = substr($0, at + 1)
}
here { if (!(key in mine)) mine[key] = value; next }
key == "DEPENDS" {
    for (name in direct) if (matches(value, name)) next
    no("it depends on " value ", which no dependency here is")
    next
}
key == "BUILT_WITH" && !(value in direct) {
    base = value
    sub(/-[^-]*$/, "", base)
    no("it was built with " value ", here it would be with " (base in version ? version[base] : "no " base))
}
key == "BUILTIN_PKGS" {
    n = split(value, list, " ")
    for (i = 1; i <= n; i++) {
        base = list[i]
        sub(/-[^-]*$/, "", base)
        if (base in version) no("it was built with " base " of the base system, here it would be with " version[base])
    }
}
key == "FILE_NAME" && value != file { no("pkg_summary names the file " value) }
!(key in theirs) { theirs[key] = value }
END {
    n = split("OPSYS MACHINE_ARCH OS_VERSION", keys, " ")
    for (i = 1; own && i <= n; i++) if (!(keys[i] in theirs)) no("it does not say its " keys[i])
    for (key in mine)
        if (key in theirs && (key == "OS_VERSION" ? !release(theirs[key], mine[key]) : theirs[key] != mine[key]))
            no(key " is " theirs[key] ", here it would be " mine[key])
    gsub(/=/, " ", options)
    options = sorted(options)
    told = own || "PKG_OPTIONS" in theirs
    has = sorted(theirs["PKG_OPTIONS"])
    if (options == "-" && has != "") no("its options are '" has "', those here are not known")
    else if (options != "-" && told && has != options) no("its options are '" has "', here they would be '" options "'")
    if (why) print why
}
