# select.awk - prints the pkg_summary records of the files whose names are listed first (listed=1).
listed { wanted[$1] = 1; next }
/^FILE_NAME=/ { name = substr($0, 11) }
/^$/ {
    if (name in wanted) printf "%s\n", record
    record = name = ""
    next
}
{ record = record $0 "\n" }
