# distinfo.awk - reads a distinfo; then lists of distfiles. Names are words of safe characters.
#   want=1      a list of names (`./NAME`): prints those that distinfo names, `ALGORITHM NAME` with the best algorithm there is
#   have=1      lines of `wc -c` (SIZE ./NAME)
#   digest=ALG  lines `DIGEST  ./NAME` or `DIGEST *./NAME`: prints `./NAME` if digest and size are those in distinfo
BEGIN {
    n = split("SHA512 SHA256 BLAKE2s SHA1 RMD160", order, " ")
    for (i = n; i >= 1; i--) rank[order[i]] = n + 1 - i
}
want || have || digest != "" {
    name = $NF
    sub(/^\*?\.\//, "", name)
}
want { if (name in best && safe(name)) print best[name], "./" name; next }
have { size[name] = $1; next }
digest != "" {
    if (best[name] == digest && tolower($1) == sum[name] && (!(name in bytes) || bytes[name] == size[name])) print "./" name
    next
}
/^[A-Za-z0-9]+ \([A-Za-z0-9@_+,=~!%:.\/-]+\) = [0-9A-Fa-f]+( bytes)?$/ {
    name = substr($2, 2, length($2) - 2)
    if ($1 == "Size") bytes[name] = $4
    else if (rank[$1] > rank[best[name]]) { best[name] = $1; sum[name] = tolower($4) }
}
# safe NAME: is it below DISTDIR, and not in a hidden directory?
function safe(name) { return name !~ /^\// && name !~ /(^|\/)\./ && name !~ /\/\// && name !~ /\/$/ }
