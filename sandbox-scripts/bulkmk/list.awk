# list.awk - before rules.awk: prints the packages of bulk.mk, a line each: PKGNAME PKGPATH, then `build`, `up to date` or why not.
# Reads first the output of `make -n` (pending=1), which names the packages to build.
pending { sub(/^{ /, ""); if ($1 == "exec" && $2 == "sh") build[$4] = 1; next }
END {
    for (i = 1; i <= rules; i++) print order[i], path[order[i]], (order[i] in build ? "build" : "up to date")
    for (i = 1; i <= skips; i++) print left_out[i], path[left_out[i]], why[left_out[i]]
}
