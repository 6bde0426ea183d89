# disk.awk - reads `df -kP` and then `df -iP` of some directories: prints a line `KIND FREE MOUNT` for each disk, KIND k (kB) or
# i (inodes); first those that have less than `min` MB, or fewer inodes than 1000 and a twentieth of all, with `low` before
# the line. The name of a disk or a mount point may contain blanks: the column of percents is searched for.
/^Filesystem / {
    kind = /[Ii][Ff]ree|iAvail/ ? "i" : "k"
    skip = /%[Ii]used|%iCap/ # these systems show the percents of space before those of inodes
    next
}
kind == "" { next }
{
    seen = 0
    for (at = 2; at < NF; at++) if ($at ~ /^([0-9]+%|-)$/ && (kind == "k" || $at != "-") && seen++ == (kind == "i" && skip)) break
    if (at >= NF) next # a file system that does not count its inodes
    mount = $0
    for (i = 1; i <= at; i++) sub(/^ *[^ ]+/, "", mount)
    sub(/^ +/, "", mount)
    free = $(at - 1) + 0
    total = free + $(at - 2)
    if (total == 0 || (kind, mount) in told) next
    told[kind, mount] = 1
    low = kind == "k" ? free < min * 1024 : free < 1000 && free < total / 20
    if (low) print "low", kind, free, mount
    else rest = rest kind " " free " " mount "\n"
}
END { printf "%s", rest }
