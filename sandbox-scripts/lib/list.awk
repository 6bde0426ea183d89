# list.awk - prints the packages of bulk.mk, a line each: PKGNAME PKGPATH, then `build` or why not.
/^\t@\$B / { print $2, $3, "build" }
/^#skip / { sub(/^#skip /, ""); print }
