# screen.awk - before rules.awk (which may have no input): passes the output of a bulk run on. Drops what make adds to each failed
# package, which has a line of its own already, and all of `make` after a halt. With terminal=1, for a person: colours, and
# below the lines one that is written anew each time: how many packages are done, how many failed, how long it may take still.
# It then reads bulk.mk and the names in PACKAGES/All (present=1) first. The line of byte 1 ends it.
function passed_over(line) {
    if (line == "") return bmake
    return line ~ /^[^ ]*make(\[[0-9]+\])?: \*\*\* \[.*\] Error (1|75|130)$/ || line ~ /^[^ ]*make(\[[0-9]+\])?: \*\*\* Waiting for unfinished jobs/ ||
        line ~ /^[^ ]*make(\[[0-9]+\])?: Target .* not remade because of errors\.$/ || bmake_says(line)
}
function bmake_says(line) {
    if (line !~ /^--- .* ---$/ && line !~ /^\*\*\* \[.*\] Error code (1|75|130)$/ && line !~ /^[^ ]*make(\[[0-9]+\])?: (stopped (making|in) |Errors reported so \.END ignored)/ &&
        line !~ /^(`[^ ]*'|[^ ]*make.*) not (re)?made because of errors/) return 0
    return bmake = 1
}
function settle(name) {
    if (name in settled || !(name in seconds)) return
    settled[name] = 1
    done++
    work -= seconds[name]
}
function fail(name, n, queue, i, edge) {
    settle(queue[n = 1] = name)
    for (i = 1; i <= n; i++)
        for (edge = first[queue[i]]; edge; edge = following[edge])
            if (!(dependent[edge] in settled)) settle(queue[++n] = dependent[edge])
}
function begin(i, j, count, needs) {
    begun = 1
    for (i = 1; i <= rules; i++) {
        work += seconds[order[i]]
        count = split(deps[order[i]], needs, " ")
        for (j = 1; j <= count; j++) { following[++edges] = first[needs[j]]; first[needs[j]] = edges; dependent[edges] = order[i] }
    }
    for (i = 1; i <= rules; i++) if (order[i] in there) settle(order[i])
}
function clock(n) { return sprintf("%d:%02d:%02d", n / 3600, n % 3600 / 60, n % 60) }
function status(text, rest) {
    while (next_up <= rules && order[next_up] in settled) next_up++
    rest = work / (slots > 0 ? slots : 1)
    if (next_up <= rules && path_left[order[next_up]] > rest) rest = path_left[order[next_up]]
    text = done + 0 " of " rules
    if (building > 0) text = text ", " building " building"
    if (failures) text = text ", " failures " failed"
    if (done < rules && rest > 0) text = text ", about " clock(rest) " left"
    return text
}
function colour(line) {
    if (line ~ /^(failed|timed-out|killed) /) return "\033[31m" line "\033[0m"
    if (line ~ /^built /) return "\033[32m" line "\033[0m"
    if (line ~ /^[^ ]+: run halted: /) return "\033[1;31m" line "\033[0m"
    return line
}
/^#job / && !saying { path_left[$2] = $6 }
present { there[substr($0, 1, length($0) - length(suffix))] = 1; next }
saying && $0 == "\001" { if (shown) printf "\r\033[K"; exit }
saying {
    if (passed_over($0)) next
    if ($1 == "building" && hint != "") { printf "%s%s\n", shown ? "\r\033[K" : "", hint; hint = "" }
    if (!terminal) { print; fflush(); next }
    if (!begun) begin()
    if ($1 == "building") building++
    else if ($1 == "built" || $1 == "present") { if ($1 == "built") building--; settle($2) }
    else if ($1 ~ /^(failed|timed-out|killed)$/) { if ($0 !~ / before, and none of its inputs/) building--; failures++; fail($2) }
    else if ($1 == "stopped") building--
    printf "\r\033[K%s\n\033[2m%s\033[0m", colour($0), status()
    fflush()
    shown = 1
    next
}
