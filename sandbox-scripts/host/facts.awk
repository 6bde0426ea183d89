# facts.awk - reads what a sandbox wrote to `facts` (facts=1) and `phases`: prints valid facts, each once, as lines
# of a result. A package can write anything there.
BEGIN {
    n = split("WRKDIR_KB STRAY DISTCC_JOBS DISTCC_REMOTE DISTCC_RETRIES CCACHE_JOBS CCACHE_HITS", names, " ")
    for (i = 1; i <= n; i++) fact[names[i]] = 1
    n = split("pre-clean depends checksum configure build install package deinstall clean", names, " ")
    for (i = 1; i <= n; i++) phase[names[i]] = 1
}
function number(text) { return length(text) < 16 && text ~ /^[0-9]+(\.[0-9]+)?$/ }
facts {
    at = index($0, "=")
    name = substr($0, 1, at - 1)
    value = substr($0, at + 1)
    if (name == "COMPILER" && !(name in told) && length(value) < 40 && value ~ /^[a-z][a-z0-9 .+-]*$/) { told[name] = 1; print name "=" value }
    if (name in fact && !(name in told) && number(value) && value !~ /\./) { told[name] = 1; print name "=" value }
    next
}
NF == 7 && $1 in phase && !($1 in told) && number($2) && number($3) && number($4) && number($5) && number($6) && number($7) {
    told[$1] = 1
    cpu = $4 * 60 + $5 + $6 * 60 + $7
    if ($3 + 0 < $2 + 0 || cpu < before) next
    printf "SECONDS.%s=%.2f\nCPU_SECONDS.%s=%.2f\n", $1, $3 - $2, $1, cpu - before
    before = cpu
}
