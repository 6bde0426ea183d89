# select.awk - of the names (first word of a line; the last part of a path) that fit PATTERN, prints all or, with
# WANT=best, the line of the best. Status 1 if there is none. Needs match.awk; PATTERN and WANT are in the environment.
BEGIN { pattern = ENVIRON["PATTERN"]; want_best = ENVIRON["WANT"] == "best" }
{
    name = $0
    sub(/^.*\//, "", name)
    sub(/[.]t[a-z]z$/, "", name)
    if (!fits(pattern, name)) next
    if (!want_best) print
    else if (better(name, best)) { best = name; line = $0 }
    found = 1
}
END { if (want_best && found) print line; exit !found }
