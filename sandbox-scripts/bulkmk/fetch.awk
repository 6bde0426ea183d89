# fetch.awk - from bulk.mk a flat Makefile that fetches: a target for each package directory and each of its versions, in bulk.mk's
# order (the versions of a directory may have other distfiles).
BEGIN {
    print "MAKEFLAGS += -k -r --no-print-directory\n.MAKEFLAGS: -k -r\nall: everything"
    print ".PHONY: all everything"
}
/^\t@\$B / {
    name = $2
    sub(/^\t@\$B /, "")
    sub(/ -- .*/, " --")
    version = $0
    sub(/^[^ ]+ /, "", version)
    if (version in seen) next
    seen[version] = 1
    print "fetch-" name ":\n\t@exec sh $(BULK_SCRIPTS)/fetch.sh " $0
    all = all " fetch-" name
}
END { print "everything:" all }
