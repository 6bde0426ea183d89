# fetch.awk - after rules.awk: makes from bulk.mk a flat Makefile that fetches: a target for each package directory and each of its
# versions, in bulk.mk's order (the versions of a directory may have other distfiles).
END {
    print "MAKEFLAGS += -k -r --no-print-directory\n.MAKEFLAGS: -k -r\nall: everything"
    print ".PHONY: all everything"
    for (i = 1; i <= rules; i++) {
        name = order[i]
        version = path[name] (words[name] ? " " : "") words[name]
        if (version in seen) continue
        seen[version] = 1
        print "fetch-" name ":\n\t@exec sh $(BULK_SCRIPTS)/fetch.sh " name " " version " --"
        all = all " fetch-" name
    }
    print "everything:" all
}
