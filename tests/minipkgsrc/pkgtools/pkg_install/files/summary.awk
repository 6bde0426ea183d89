# summary.awk - the pkg_summary entry of the package whose +CONTENTS, +COMMENT, +SIZE_PKG, +BUILD_INFO and +DESC are
# the files, in this order. FILE_NAME and FILE_SIZE are given as variables for a binary package.
FNR == 1 { file = FILENAME; sub(/^.*\//, "", file) }
file == "+CONTENTS" && $1 == "@name" { print "PKGNAME=" $2 }
file == "+CONTENTS" && $1 == "@pkgdep" { print "DEPENDS=" $2 }
file == "+CONTENTS" && $1 == "@pkgcfl" { print "CONFLICTS=" $2 }
file == "+COMMENT" { print "COMMENT=" $0 }
file == "+SIZE_PKG" { print "SIZE_PKG=" $0 }
file == "+BUILD_INFO" && /^(BUILD_DATE|CATEGORIES|HOMEPAGE|LICENSE|MACHINE_ARCH|OPSYS|OS_VERSION|PKGPATH|PKGTOOLS_VERSION)=/
file == "+DESC" { if (!described++ && FILE_NAME != "") printf "FILE_NAME=%s\nFILE_SIZE=%s\n", FILE_NAME, FILE_SIZE; print "DESCRIPTION=" $0 }
END { print "" }
