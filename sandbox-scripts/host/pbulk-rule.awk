# pbulk-rule.awk - the rule of pbulk: has a package of another builder been made from what the tree has now? Reads its +BUILD_VERSION, a line
# `PATH:<tab>ID` for each source file; after a line `@@` its +CONTENTS. `needs` are its direct dependencies in bulk.mk. Compares the ids with
# those of the files below `tree`. Prints `FILES PATH` for a file that differs or is gone, `NEEDS PKGNAME` for a package that it was built with
# and that is no dependency any more, and `hash DIGEST PATH` for a file that was recorded by its SHA256.
BEGIN {
    n = split(needs, list, " ")
    for (i = 1; i <= n; i++) direct[list[i]]
}
$0 == "@@" { contents = 1; next }
contents { if ($1 == "@blddep" && !($2 in direct)) print "NEEDS", $2; next }
{
    at = index($0, ":\t")
    path = substr($0, 1, at - 1)
    if (!at || path !~ /^[A-Za-z0-9][A-Za-z0-9@_+,=~.\/-]*$/ || path ~ /(^|\/)\.\.(\/|$)/) next
    id = substr($0, at + 2)
    if (id ~ /^[0-9a-f]+$/ && length(id) == 64) { print "hash", id, path; next }
    now = ""
    while (now == "" && (getline text < (tree "/" path)) > 0)
        if (match(text, /\$NetBSD[^$]*\$/)) now = substr(text, RSTART, RLENGTH)
    close(tree "/" path)
    if (now != id) print "FILES", path
}
