# plan.awk - after rules.awk: what bulk.mk plans, a line each, as the run keeps it:
#   build PKGNAME PKGPATH NEEDED...    skip PKGNAME PKGPATH STATE: REASON
#   maintainer PKGNAME WHO             restricted PKGNAME WHY             estimate PKGNAME SECONDS
/^# [^ ]+: [0-9:]+( s)? \([a-z]+\), / {
    estimate = split($3, clock, ":") == 3 ? clock[1] * 3600 + clock[2] * 60 + clock[3] : $3
}
/^# maintainer: / { who = substr($0, 15) }
/^# not to be published: / { why = substr($0, 24) }
/^\t@\$B / {
    print "build", $2, $3, deps[$2]
    if (who != "") print "maintainer", $2, who
    if (why != "") print "restricted", $2, why
    if (estimate != "") print "estimate", $2, estimate
    who = why = estimate = ""
}
/^#skip / { print substr($0, 2) }
