# dry.awk - makes a line for a person of each recipe that `make -n` prints.
{ sub(/^{ /, "") }
$1 == "exec" && $2 == "sh" && NF > 4 { printf "would build %s (%s)\n", $4, $5; n++; next }
{ print }
END { printf "%d packages would be built\n", n }
