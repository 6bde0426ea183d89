# closures.awk - reads, for each of some packages, its result record and the closure beside it: prints the names in the closures.
# Exit: 1 if one of them is damaged: not as many names as the record counts, or a line that is none.
FNR == 1 && FILENAME ~ /\/result$/ { if (files++ && lines != installed) bad = 1; installed = -1; lines = 0 }
FILENAME ~ /\/result$/ { if (/^INSTALLED=[0-9]+$/) installed = substr($0, 11) + 0; next }
{ lines++ }
!/^[!-~]+-[A-Za-z0-9._+]+$/ { bad = 1; exit }
{ print }
END { exit bad || !files || lines != installed }
