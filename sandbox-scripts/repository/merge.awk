# merge.awk - pkg_summary records by file, the later file winning: the old ones (old=1) except the names in the
# list of changed files (changed=1), then the new ones. Only files that the index (index_=1) names are kept.
FNR == 1 { record = name = "" } # a file may have been cut off
changed { other[$1] = 1; next }
index_ { there[$1] = 1; next }
/^FILE_NAME=/ { name = substr($0, 11) }
/^$/ {
    if (record != "" && name in there && !(old && name in other)) printf "%s\n", record
    record = name = ""
    next
}
{ record = record $0 "\n" }
