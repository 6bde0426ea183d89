# taken.awk - before rules.awk: for each PKGNAME in a line of its own that is read first (wanted=1): PKGNAME, the words of its line
# `#inputs` and its direct dependencies, separated by tabs.
wanted { names[++n] = $1; next }
/^#inputs / { inputs[$2] = substr($0, length($2) + 10); next }
END { for (i = 1; i <= n; i++) print names[i] "\t" inputs[names[i]] "\t" deps[names[i]] }
