# cause.awk - reads what a program wrote to its standard error: prints the cause in one line, and then its remedy, if it names one. Our own
# messages come first; the last line of other programs before them, or without them, says more.
{ gsub(/[^ -~]+/, " ") }
/^  fix: / { if (what != "" && fix == "") fix = substr($0, 8); next }
/^pkgmkgen: / {
    if (what != "") next
    what = $0
    sub(/^pkgmkgen: (run halted: |sandbox: )?/, "", what)
    next
}
/[^ ]/ && !/^Warning: Permanently added/ { if (what == "" || other == "") other = $0 }
END {
    if (what == "") { what = other; other = "" }
    if (what != "") print substr(what (other != "" ? " (" other ")" : ""), 1, 300)
    if (fix != "") print substr(fix, 1, 300)
}
