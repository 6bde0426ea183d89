# paths.awk - the files of a +CONTENTS, each with its prefix; with WANT=directories the directories below the prefix that
# they are in, once each.
ignored { ignored = 0; next }
$1 == "@ignore" { ignored = 1; next }
$1 == "@cwd" { prefix = $2; next }
/^@/ { next }
ENVIRON["WANT"] != "directories" { print prefix "/" $0; next }
{
    path = $0
    while (sub(/\/[^\/]*$/, "", path) && !((prefix "/" path) in seen)) { seen[prefix "/" path]; print prefix "/" path }
}
