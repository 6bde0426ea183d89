# variables.awk - after distance.awk: which of the variables `names` of make's command line are no settings of bulk.mk, a line each.
/^#: [A-Z_]+:/ { setting[substr($2, 1, length($2) - 1)] = 1 }
/^PACKAGE_FILES = / { exit }
END {
    count = split(names, given, " ")
    for (i = 1; i <= count; i++) {
        if (given[i] in setting) continue
        nearest(given[i])
        for (name in setting) look(name)
        printf "%s is no setting of bulk.mk and changes nothing: %smake -f %s help lists them\n", given[i], meant(), FILENAME
    }
}
