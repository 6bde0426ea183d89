# near.awk - after distance.awk, before rules.awk: says that bulk.mk has no package and no target `unknown`, and which names are near. For make's .DEFAULT.
function package(name, base) {
    base = name
    sub(/-[^-]*$/, "", base)
    look(base)
    look(name)
    look(path[name])
}
END {
    nearest(unknown)
    n = split("all retry fetch repository publish shell list help why regenerate impact", targets, " ")
    for (i = 1; i <= n; i++) look(targets[i])
    for (i = 1; i <= rules; i++) package(order[i])
    for (i = 1; i <= skips; i++) package(left_out[i])
    printf "pkgmkgen: no package and no target '%s' in %s\n  fix: %smake -f %s list shows the packages, make -f %s help the targets\n",
        wanted, FILENAME, meant(), FILENAME, FILENAME
    exit 1
}
