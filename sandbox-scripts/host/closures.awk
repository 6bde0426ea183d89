# closures.awk - reads the result and then the closure of each package: prints the names in the closures.
# Exit: 1 if a closure is damaged: the number of names is not that in the result, or a line is not a name.
FNR == 1 && FILENAME ~ /\/result$/ { if (files++ && lines != installed) bad = 1; installed = -1; lines = 0 }
FILENAME ~ /\/result$/ { if (/^INSTALLED=[0-9]+$/) installed = substr($0, 11) + 0; next }
{ lines++ }
!/^[!-~]+-[A-Za-z0-9._+]+$/ { bad = 1; exit }
{ print }
END { exit bad || !files || lines != installed }
