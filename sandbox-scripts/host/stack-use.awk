# stack-use.awk - what to do about the lines of stack.awk, given what `ls -din --full-time` says of the package files (identities=1): prints
# `use NUMBER PKGNAME...` if the layer in `sets` was made of the same files, `make NUMBER PKGNAME...` if it does not exist, and
# writes the files to `to`.NUMBER; stops at a layer that was made of others.
identities { identity[$NF] = $1 " " $6 " " $7 " " $8; next }
$1 == "layer" {
    text = ""
    names = ""
    for (i = 3; i <= NF; i++) {
        if (!(($i suffix) in identity)) exit
        text = text $i " " identity[$i suffix] ";"
        names = names " " $i
    }
    file = sets "/" $2 "/identities"
    was = ""
    if ((getline was <file) <= 0) {
        print text >(to "." $2)
        print "make " $2 names
    } else if (was == text) print "use " $2 names
    else exit
}
