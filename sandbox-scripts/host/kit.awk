# kit.awk - reads the packages of a kit, lines PKGNAME HOW (kit=1), and then bulk.mk: prints HOW PKGNAME OTHER if bulk.mk builds OTHER,
# another version of the package, and not PKGNAME itself.
function base(name) {
    sub(/-[^-]*$/, "", name)
    return name
}
kit { how[$1] = $2; mine[base($1)] = $1; next }
/^#job / {
    name = $2
    if (name in how) built[name] = 1
    else if (base(name) in mine) other[mine[base(name)]] = name
}
END { for (name in other) if (!(name in built)) print how[name], name, other[name] }
