# changed.awk - finds new and changed files. Reads the stored data of the packages: records and checksums (known=records,
# known=sums), the last index (known=index; lines `NAME IDENTITY`); the paths of files that are younger than it (younger=1);
# then `ls -linqc` of the directory. Prints the names of files with `suffix` that are new, changed, or have incomplete data, and
# writes the new index to the file in `index_to`.
# Of ls only the first nine words and a name without blanks are used (-q keeps each name on one line).
known == "records" {
    if (/^FILE_NAME=/) file = substr($0, 11)
    else if (/^$/) { recorded[file] = 1; file = "" }
    next
}
known == "sums" {
    if (NF == 4 && length($4) == 64) summed[substr($2, 2, length($2) - 2)] = 1
    next
}
known { seen[$1] = $2; next }
younger { sub(/.*\//, ""); young[$0] = 1; next }
NF == 10 && $2 ~ /^-/ && substr($10, length($10) - length(suffix) + 1) == suffix {
    identity = $1 "." $6 "." $7 "." $8 "." $9
    print $10, identity >index_to
    if (seen[$10] != identity || $10 in young || !($10 in recorded) || !($10 in summed)) print $10
}
