# changed.awk - which files are not those that were seen before. Reads the index of last time (known=1; lines `NAME
# IDENTITY`), then `ls -lin` of the directory. Writes the new index to the file in `index_to`, prints the names of files
# with `suffix` that are new or others.
known { seen[$1] = $2; next }
NF >= 10 && substr($NF, length($NF) - length(suffix) + 1) == suffix {
    identity = $1 "." $6 "." $7 "." $8 "." $9
    print $NF, identity >index_to
    if (seen[$NF] != identity) print $NF
}
