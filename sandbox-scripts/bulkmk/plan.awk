# plan.awk - after rules.awk: prints the plan of bulk.mk, as it is stored with the run, one line for each fact:
#   build PKGNAME PKGPATH NEEDED...    skip PKGNAME PKGPATH STATE: REASON
#   maintainer PKGNAME WHO             restricted PKGNAME WHY             estimate PKGNAME SECONDS
END {
    for (i = 1; i <= rules; i++) {
        name = order[i]
        print "build", name, path[name], deps[name]
        if (name in maintainer) print "maintainer", name, maintainer[name]
        if (name in restricted) print "restricted", name, restricted[name]
        printf "estimate %s %.0f\n", name, seconds[name]
    }
    for (i = 1; i <= skips; i++) print "skip", left_out[i], path[left_out[i]], why[left_out[i]]
}
