# list.awk - prints the packages of bulk.mk, a line each: PKGNAME PKGPATH, then `build`, `up to date` or why not. Reads first
# what `make -n` would do (pending=1), which names what is to be built.
pending { sub(/^{ /, ""); if ($1 == "exec" && $2 == "sh") build[$4] = 1; next }
/^\t@\$B / { print $2, $3, ($2 in build ? "build" : "up to date") }
/^#skip / { sub(/^#skip /, ""); print }
