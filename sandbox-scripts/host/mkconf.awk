# mkconf.awk - prints the lines of an mk.conf that packages can see, without comments: `mk.conf LINE`, or `mk.conf-option LINE` if it
# only chooses options. Lines that tell where and how to fetch and to build are left out.
{
    line = line $0
    if (sub(/\\$/, "", line)) next
    sub(/(^|[ \t])#.*/, "", line)
    gsub(/[ \t]+/, " ", line)
    sub(/^ /, "", line)
    sub(/ $/, "", line)
    name = line
    sub(/[ ?+:!]*=.*/, "", name)
    if (line == "") ;
    else if (name ~ /^(DISTDIR|PACKAGES|PKGSRCDIR|WRKOBJDIR|MAKE_JOBS|BULKFILESDIR|LOCALPATCHES)$/) ;
    else if (name ~ /^(FETCH_|FAILOVER_FETCH|PASSIVE_FETCH|MASTER_|SKIP_LICENSE_CHECK|ACCEPTABLE_LICENSES|ALLOW_VULNERABLE_PACKAGES|AUDIT_|CHECK_|PKG_DEVELOPER)/) ;
    else if (name ~ /^(PKG_OPTIONS\.|PKG_DEFAULT_OPTIONS)/) print "mk.conf-option", line
    else print "mk.conf", line
    line = ""
}
