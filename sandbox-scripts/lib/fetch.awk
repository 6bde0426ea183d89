# fetch.awk - from bulk.mk a flat Makefile that fetches: a target for each package directory, in bulk.mk's order.
BEGIN {
    print "MAKEFLAGS += -k -r --no-print-directory\n.MAKEFLAGS: -k -r\nall: everything"
    print ".PHONY: all everything"
}
/^\t@\$B / && !($3 in seen) {
    seen[$3] = 1
    name = $2
    sub(/^\t@\$B /, "")
    sub(/ -- .*/, " --")
    print "fetch-" name ":\n\t@exec sh $(BULK_SCRIPTS)/fetch.sh " $0
    all = all " fetch-" name
}
END { print "everything:" all }
