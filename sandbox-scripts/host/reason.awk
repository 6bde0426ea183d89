# reason.awk - the reason of a failure in one line, `kind: detail`, from the log of the phase that failed; nothing if no line
# of the log is known. Of each kind the first line is used; of several kinds the one that explains the others.
# The log is untrusted: the output is one line of printable ASCII, at most 200 characters.
function keep(kind, detail) { if (!(kind in found)) found[kind] = detail }
# after TEXT: the part of the line after TEXT; before TEXT LINE: the part of LINE before TEXT; word: the first word, unquoted.
function after(text) { return substr($0, index($0, text) + length(text)) }
function before(text, line) { return index(line, text) ? substr(line, 1, index(line, text) - 1) : line }
function word(line) {
    sub(/^[ \t]+/, "", line)
    sub(/[ \t,;].*/, "", line)
    gsub(/[`'"<>]/, "", line)
    sub(/[:.]+$/, "", line)
    return line
}
function last_word(line, n, words) { n = split(line, words, /[ \t:]+/); return word(words[n]) }
function tidy(line) {
    gsub(/\033\[[0-9;]*[A-Za-z]/, "", line)
    gsub(/[^ -~]+/, " ", line)
    gsub(/  +/, " ", line)
    sub(/^ /, "", line)
    sub(/ $/, "", line)
    return length(line) > 200 ? substr(line, 1, 197) "..." : line
}

/^# / || /^[ \t]*checking / { next } # headers of pkgmkgen; tests of configure scripts
/^stale: / { keep("stale", substr($0, 8)) }
/No space left on device|[Dd]isk quota exceeded|[Ff]ile system (is )?full/ { keep("disk full", $0) }
/virtual memory exhausted|[Oo]ut of memory|[Cc]annot allocate memory|std::bad_alloc|memory exhausted|Killed \(program |Killed signal terminated program/ { keep("out of memory", $0) }
/[Cc]annot fork|fork: .*[Rr]esource temporarily unavailable/ { keep("out of processes", $0) }
/[Cc]hecksum:? [A-Za-z0-9]+ mismatch for / { keep("checksum", "mismatch of " word(after("mismatch for "))) }
/[Nn]o ([A-Za-z0-9]+ )?checksum recorded for / { keep("checksum", "none recorded for " word(after("recorded for "))) }
/Unable to fetch expected file / { keep("fetch", word(after("expected file "))) }
/^ERROR: .* could not be fetched/ { keep("fetch", word(after("ERROR: "))) }
/files are in .*but not in / && /PLIST/ { plist = $0; next }
plist != "" && /\// {
    keep("PLIST mismatch", (plist ~ /not in the PLIST/ ? "not listed: " : "listed but not installed: ") last_word($0))
    plist = ""
}
/can't stat `|can't stat '/ { keep("PLIST mismatch", "listed but not installed: " word(after("stat "))) }
/is not installed; can't buildlink/ { keep("missing dependency", before(" is not installed", after("ERROR: "))) }
/no pkg found for|Can't (install|find) dependency|[Mm]issing dependency/ { keep("missing dependency", $0) }
/conflicts with |[Cc]onflicting PLIST with / && /pkg_add|package/ { keep("conflict", $0) }
/owned by package|file .* is owned by|already (exists|installed)/ && /pkg_add/ { keep("conflict", $0) }
/script returned error|(de)?install script failed/ { keep("install script", $0) }
/[A-Za-z0-9_+.-]+\.(h|hh|hpp|hxx|H)['>"]?: No such file or directory|[A-Za-z0-9_+.\/-]+' file not found|[Cc]an(not|'t) find include file/ && !/warning/ {
    header = $0
    sub(/: No such file or directory.*/, "", header)
    sub(/' file not found.*/, "", header)
    keep("missing header", last_word(header))
}
/cannot find -l/ { keep("missing library", "-l" word(after("cannot find -l"))) }
/library not found for -l/ { keep("missing library", "-l" word(after("not found for -l"))) }
/error while loading shared libraries: / { keep("missing library", word(after("shared libraries: "))) }
/undefined reference to / { keep("missing function", word(after("undefined reference to "))) }
/Undefined symbols? / { keep("missing function", $0) }
/Can't locate [A-Za-z0-9_\/]+\.pm in @INC/ { keep("missing module", word(after("Can't locate "))) }
/(ModuleNotFoundError|ImportError): No module named / { keep("missing module", word(after("No module named "))) }
/: (command )?not found *$/ && !/PKG_OPTIONS|checking|warning/ { keep("missing program", last_word(before(": not found", before(": command not found", $0)))) }
/Permission denied|Operation not permitted|Read-only file system/ { keep("permission", $0) }
/Hunk #[0-9]+ FAILED|^patch: \*\*\*\*|Patch .* failed/ { keep("patch", $0) }
/Segmentation fault|[Ii]nternal compiler error|Bus error|Illegal instruction/ { keep("crash", $0) }
/No rule to make target|don't know how to make / { keep("no rule", $0) }
/[Cc]onfigure: error: |CMake Error|meson\.build:[0-9:]+ ERROR/ { keep("configure", $0 ~ /error: / ? after("error: ") : $0) }
/[Tt]imed out|[Tt]imeout/ && /[Tt]est|[Kk]ill/ { keep("timed out", $0) }
/(^|[: ])(fatal )?[Ee]rror: / && !/warning: |\*\*\* / { keep("error", $0) }
/^ERROR: / && !/ERROR: \*+ *$/ { keep("error", substr($0, 8)) }
/^\*\*\* |^[^ ]*make(\[[0-9]+\])?: \*\*\* / { if (!stopped) { stopped = 1; last = line } }
{ if ($0 !~ /^ *$/) line = $0 }
END {
    n = split("stale,disk full,out of memory,out of processes,checksum,fetch,missing dependency,missing header,missing library,missing function," \
        "missing module,missing program,configure,patch,PLIST mismatch,conflict,install script,permission,crash," \
        "timed out,no rule,error", order, ",")
    for (i = 1; i <= n; i++)
        if (order[i] in found) { print tidy(order[i] ": " found[order[i]]); exit }
    if (last == "") last = line
    if (last != "") print tidy("unknown: " last)
}
