# plan.awk - what is to be done to install the package whose +CONTENTS is the first file, those of the installed
# packages being the others. Prints lines "WORD VALUE": name, prefix, other (version installed), need (pattern that
# nothing installed matches), use (package installed that matches a pattern), clash (why it cannot be installed).
# The files go to FILES (environment). Needs match.awk.
BEGIN { files = ENVIRON["FILES"]; printf "" >files }
FILENAME != last {
    last = FILENAME
    at_package++
    prefix = ""
    if (at_package > 1) { package = FILENAME; sub(/\/[^\/]*$/, "", package); sub(/^.*\//, "", package); installed[package] }
}
ignored { ignored = 0; next }
$1 == "@ignore" { ignored = 1; next }
$1 == "@name" { if (at_package == 1) { name = $2; print "name", name } next }
$1 == "@cwd" { if (prefix == "") { prefix = $2; if (at_package == 1) print "prefix", prefix } next }
$1 == "@pkgdep" { if (at_package == 1) need[++needs] = $2; next }
$1 == "@pkgcfl" {
    if (at_package == 1) conflict[++conflicts] = $2
    else if (matches($2, name)) print "clash installed package `" package "' conflicts with `" $2 "' when trying to install `" name "'"
    next
}
/^@/ { next }
at_package == 1 { owned[prefix "/" $0]; print >files }
at_package > 1 && (prefix "/" $0) in owned && !(package in told) { told[package]; print "clash Conflicting PLIST with " package ": " $0 }
END {
    for (package in installed) {
        if (name_base(package) == name_base(name)) print "other", package
        for (i = 1; i <= conflicts; i++)
            if (matches(conflict[i], package)) print "clash package `" name "' conflicts with `" conflict[i] "', and `" package "' is installed"
    }
    for (i = 1; i <= needs; i++) {
        best = ""
        for (package in installed) if (fits(need[i], package) && better(package, best)) best = package
        if (best == "") print "need", need[i]
        else if (!(best in used)) { used[best]; print "use", best }
    }
}
