# distcc.awk - reads DISTCC_HOSTS (variable hosts) as distcc(1) does and prints these lines:
#   hosts WORD...      the value for the inside of a sandbox, where each host is an address of the loopback interface
#   slots N            parallel compile jobs: the limits, without one the default of distcc (4 a host, 2 for localhost)
#   relays WORD...     ADDRESS=HOST:PORT for each host
# or `error WHAT`. Only hosts by TCP can be relayed.
function fail(what) { print "error " what; failed = 1; exit }
function number(text, name) {
    if (text !~ /^[0-9]+$/ || length(text) > 5) fail("'" word "': " name " is no number")
    return text + 0
}
BEGIN {
    count = split(hosts, words, " ")
    for (i = 1; i <= count; i++) {
        word = words[i]
        if (word ~ /^--(randomize|localslots=[0-9]+|localslots_cpp=[0-9]+)$/) { inside = inside " " word; continue }
        if (word ~ /^localhost(\/[0-9]+)?$/) {
            slots += word ~ /\// ? number(substr(word, 11), "the limit") : 2
            inside = inside " " word
            continue
        }
        if (word ~ /@/) fail("'" word "': distcc over ssh needs keys, which no build may see; give HOST[:PORT][/LIMIT][,OPTION...]")
        if (word ~ /^[-+]/) fail("'" word "' cannot be used in a sandbox; give HOST[:PORT][/LIMIT][,OPTION...]")
        rest = word
        options = ""
        if (match(rest, /,/)) { options = substr(rest, RSTART); rest = substr(rest, 1, RSTART - 1) }
        if (options !~ /^(,lzo|,cpp)*$/) fail("'" word "': of the options only ,lzo and ,cpp can be used")
        gsub(/,cpp/, "", options) # pump mode needs a server beside the build, and there is none
        host = rest ~ /^\[/ ? substr(rest, 1, index(rest, "]")) : rest
        if (rest !~ /^\[/) sub(/[:\/].*/, "", host)
        rest = substr(rest, length(host) + 1)
        if (host !~ /^([A-Za-z0-9_][A-Za-z0-9._-]*|\[[0-9A-Fa-f:.]+\])$/) fail("'" word "' names no host")
        port = 3632
        limit = 4
        while (rest != "") {
            kind = substr(rest, 1, 1)
            rest = substr(rest, 2)
            text = rest
            sub(/[:\/].*/, "", text)
            rest = substr(rest, length(text) + 1)
            if (kind == ":") port = number(text, "the port"); else limit = number(text, "the limit")
        }
        if (++relayed > 250) fail("more than 250 hosts")
        slots += limit
        inside = inside " 127.1.0." relayed ":3632/" limit options
        relays = relays " 127.1.0." relayed "=" host ":" port
    }
    if (!slots) fail("it leaves no place for a compile job")
    printf "hosts%s\nslots %d\nrelays%s\n", inside, slots, relays
}
