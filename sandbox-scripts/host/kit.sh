# shellcheck shell=sh source-path=SCRIPTDIR/..
# kit.sh - checks once a run that the bootstrap kit matches the settings, the base and the plan.

[ -z "${kit_sourced:-}" ] || return 0
kit_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/say.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/settings.sh"

# kit_check KIT BASE: halts the run unless the kit in the directory KIT was made for PREFIX, for PKG_DBDIR and for the architecture of BASE
# (empty for this machine).
kit_check() {
    if [ ! -f "$1$BULK_PREFIX/sbin/pkg_add" ]; then
        kit_prefix=$(find "$1" -type f -path '*/sbin/pkg_add' | sed -n "1{s|^$1||;s|/sbin/pkg_add\$||;p;}")
        [ -z "$kit_prefix" ] || machine_failure "BOOTSTRAP_KIT=$BULK_KIT was made for the prefix $kit_prefix, but PREFIX is $BULK_PREFIX" \
            "set PREFIX=$kit_prefix (pkgmkgen --set), or make a kit with bootstrap --prefix=$BULK_PREFIX"
        return 0
    fi
    kit_pkgdb=$(sed -n 's|^PKG_DBDIR[?:]*=[[:blank:]]*\(/[^$[:blank:]]*\)[[:blank:]]*$|\1|p' "$1$BULK_PREFIX/etc/mk.conf" 2>/dev/null | tail -n 1)
    [ -z "$kit_pkgdb" ] || [ "$kit_pkgdb" = "$BULK_PKG_DBDIR" ] ||
        machine_failure "BOOTSTRAP_KIT=$BULK_KIT was made for the package database $kit_pkgdb, but PKG_DBDIR is $BULK_PKG_DBDIR" \
            "set PKG_DBDIR=$kit_pkgdb (pkgmkgen --set), or make a kit with bootstrap --pkgdbdir=$BULK_PKG_DBDIR"
    kit_sh=$2/bin/sh
    [ ! -h "$kit_sh" ] || case $(readlink -- "$kit_sh") in /*) kit_sh=$2$(readlink -- "$kit_sh") ;; esac
    kit_is=$(kit_machine "$1$BULK_PREFIX/sbin/pkg_add") kit_base=$(kit_machine "$kit_sh")
    case $kit_base:$kit_is in
    : | *: | :*) ;; # a script, or not ELF
    "$kit_is:$kit_base") ;;
    x86-64:i386 | AArch64:ARM | 'SPARC V9:SPARC' | PowerPC64:PowerPC) ;; # a 32-bit kit (--abi=32) where both kinds run
    *)
        machine_failure "BOOTSTRAP_KIT=$BULK_KIT was made for $kit_is, but the base system is $kit_base" \
            "make the kit on a machine of the base system's architecture, or set BASE to a system of the kit's"
        ;;
    esac
}

# kit_tools KIT BASE: halts the run unless the tools of pkgsrc, in the directory KIT or in BASE, and a C compiler are there. Both are empty for
# none and for this machine, of which a sandbox sees no packages.
kit_tools() {
    for kit_tool in "$BULK_BMAKE" "$BULK_PREFIX/sbin/pkg_add"; do
        [ -z "$1" ] || [ ! -x "$1$kit_tool" ] || continue
        case ${2:-here}:$kit_tool in here:"$BULK_PREFIX"/*) ;; *) [ ! -x "$2$kit_tool" ] || continue ;; esac
        [ -n "$1" ] || machine_failure "BOOTSTRAP_KIT is not set, and the base system (BASE=$BULK_BASE) has no $kit_tool" \
            "make a kit with pkgsrc's bootstrap --prefix=$BULK_PREFIX --gzip-binary-kit FILE, and set BOOTSTRAP_KIT=FILE (pkgmkgen help real-tree)"
        machine_failure "BOOTSTRAP_KIT=$BULK_KIT has no $kit_tool, nor has the base system" "set BMAKE and PREFIX to those of the kit, or make another kit"
    done
    kit_compiler "$1" "$2" || machine_failure "no C compiler in the base system (BASE=$BULK_BASE)" \
        "install one there (Debian: gcc libc6-dev), or set PKGSRC_COMPILER in mk.conf if it has another one"
}

# kit_compiler KIT BASE: is there a C compiler, or does mk.conf tell of one?
kit_compiler() {
    for kit_file in "$2/usr/bin" "$2/bin" "$2/usr/local/bin" "$1$BULK_PREFIX/bin" "$1$BULK_PREFIX"/gcc*/bin; do
        for kit_name in cc gcc clang c99 tcc; do
            { [ ! -x "$kit_file/$kit_name" ] && [ ! -h "$kit_file/$kit_name" ]; } || return 0
        done
    done
    kit_conf=$BULK_MAKECONF
    [ -n "$kit_conf" ] || kit_conf=$1$BULK_PREFIX/etc/mk.conf
    grep -Eqs '^[[:blank:]]*(PKGSRC_COMPILER|CC|(GCC|CLANG|SUNWSPRO|MIPSPRO|ICC|HPC|IDO|PCC|XLC)BASE)[?+:!]*=' "$kit_conf"
}

# kit_machine FILE: the architecture that the program FILE is for; nothing if it is no ELF file.
kit_machine() {
    [ -f "$1" ] || return 0
    kit_bytes=$(od -An -tx1 -N20 <"$1" | tr -d ' \n')
    case $kit_bytes in
    7f454c46??01*) kit_number=${kit_bytes#????????????????????????????????????} && kit_number=${kit_number#??}${kit_number%??} ;;
    7f454c46??02*) kit_number=${kit_bytes#????????????????????????????????????} ;;
    *) return 0 ;;
    esac
    case $kit_number in
    003e) echo x86-64 ;;
    0003) echo i386 ;;
    00b7) echo AArch64 ;;
    0028) echo ARM ;;
    0002 | 0012) echo SPARC ;;
    002b) echo 'SPARC V9' ;;
    0014) echo PowerPC ;;
    0015) echo PowerPC64 ;;
    00f3) echo RISC-V ;;
    *) echo "ELF machine 0x$kit_number" ;;
    esac
}

# kit_compare KIT: names the packages of the kit of which bulk.mk builds another version. Sandboxes delete the deletable ones
# before they install the other version (inside/phases.sh).
kit_compare() {
    for kit_file in "$1$BULK_PKG_DBDIR"/*/+CONTENTS; do
        [ -f "$kit_file" ] || continue
        kit_file=${kit_file%/+CONTENTS} kit_how=deletable
        [ ! -f "$kit_file/+PRESERVE" ] && [ ! -s "$kit_file/+REQUIRED_BY" ] || kit_how=preserved
        printf '%s %s\n' "${kit_file##*/}" "$kit_how"
    done | awk -f "$BULK_SCRIPTS/host/kit.awk" kit=1 - kit='' "$BULK_MAKEFILE" | LC_ALL=C sort | while read -r kit_how kit_mine kit_tree; do
        case $kit_how in
        deletable) say kit "contains $kit_mine, the tree has $kit_tree: sandboxes that install $kit_tree delete $kit_mine first" ;;
        *) say kit "contains $kit_mine, the tree has $kit_tree, and $kit_mine cannot be deleted (+PRESERVE): packages that need $kit_tree will fail; rebuild the kit from this tree" ;;
        esac
    done
}
