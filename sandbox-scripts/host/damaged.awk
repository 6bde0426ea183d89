# damaged.awk - reads `ls -lnq` of the packages: prints the PKGNAMEs of those that are empty, or whose size is not the one in the
# result of their build, LOGS/PKGNAME/result. Names with blanks are ignored; -q keeps each name on one line.
NF == 9 && substr($9, length($9) - length(suffix) + 1) == suffix && /^-/ {
    name = substr($9, 1, length($9) - length(suffix))
    size = ""
    result = logs "/" name "/result"
    while ((getline line <result) > 0) if (line ~ /^PACKAGE_BYTES=[0-9]+$/) size = substr(line, 15)
    close(result)
    if ($5 == 0 || (size != "" && size + 0 != $5)) print name
}
