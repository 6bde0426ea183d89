# hosts.awk FILE - the job slots of a hosts file, `HOST JOBS [SPEED] [NAME=VALUE...]` a line, in the order
# in which they are used: the fastest host first, and the more jobs of a host are used, the later its next one.
# BULK_PER_HOST has the settings that may differ on a host. Prints KEY HOST SLOT NAME=VALUE... SLOTS=JOBS; the first error goes to
# standard error, with exit status 1.
BEGIN {
    n = split(ENVIRON["BULK_PER_HOST"] " SHARED", names, " ")
    for (i = 1; i <= n; i++) known[names[i]] = 1
}
function fault(text) {
    printf "%s:%d: %s\n", FILENAME, FNR, text >"/dev/stderr"
    bad = 1
    exit 1
}
{ sub(/(^|[ \t])#.*/, "") }
NF == 0 { next }
$1 !~ /^[A-Za-z0-9_][A-Za-z0-9@._-]*$/ { fault("'" $1 "' is not a host name") }
$1 in hosts { fault("host " $1 " is listed twice") }
$2 !~ /^[1-9][0-9]?[0-9]?$/ { fault("the second word must be the number of jobs, not '" $2 "'") }
{
    host = $1; jobs = $2; speed = 1; words = ""
    for (i = 3; i <= NF; i++) {
        name = $i
        sub(/=.*/, "", name)
        if (i == 3 && $i ~ /^[0-9]+(\.[0-9]+)?$/ && $i > 0) speed = $i
        else if ($i !~ /=/ || !(name in known)) fault("unknown word '" $i "'; a host may have a speed and " join_names())
        else if ($i !~ /^[A-Z_]+=[A-Za-z0-9%+,.\/:=@_~-]*$/) fault("'" $i "' has a character that ssh or sh misreads")
        else words = words " " $i
    }
    hosts[host] = 1
    for (slot = 1; slot <= jobs; slot++) printf "%.6f %s %d%s SLOTS=%d\n", slot / (jobs * speed), host, slot, words, jobs
    total += jobs
}
function join_names(    text) {
    for (i = 1; i <= n; i++) text = text (i > 1 ? " " : "") names[i]
    return text
}
END {
    if (!bad && !total) {
        printf "%s: names no host\n", FILENAME >"/dev/stderr"
        exit 1
    }
}
