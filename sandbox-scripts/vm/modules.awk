# modules.awk -v want='NAME...' modules.dep - the files of the kernel modules that NAMEs need, in the order to load them.
# A NAME that is missing is built into the kernel, or causes an error later.
/^[^ #]+\.ko[.a-z0-9]*:/ {
    file = substr($1, 1, length($1) - 1)
    name = file
    sub(/.*\//, "", name)
    sub(/\.ko.*/, "", name)
    gsub(/-/, "_", name)
    at[name] = file
    $1 = ""
    needs[file] = $0
}
function load(file,    words, count, i) {
    if (file in loaded) return
    loaded[file] = 1
    count = split(needs[file], words)
    for (i = count; i > 0; i--) load(words[i])
    print file
}
END {
    count = split(want, wanted)
    for (i = 1; i <= count; i++) if (wanted[i] in at) load(at[wanted[i]])
}
