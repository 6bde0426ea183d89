# damaged.awk - reads `ls -lnq` of the packages: prints the PKGNAMEs of those that are empty or not of the size that the result
# record of their build, LOGS/PKGNAME/result, tells. Names with blanks are none of ours; -q leaves each name on its line.
NF == 9 && substr($9, length($9) - length(suffix) + 1) == suffix && /^-/ {
    name = substr($9, 1, length($9) - length(suffix))
    size = ""
    record = logs "/" name "/result"
    while ((getline line <record) > 0) if (line ~ /^PACKAGE_BYTES=[0-9]+$/) size = substr(line, 15)
    close(record)
    if ($5 == 0 || (size != "" && size + 0 != $5)) print name
}
