# shellcheck shell=sh source-path=SCRIPTDIR/..
# identity.sh - the inputs that all builds share, as lines of text: prefix, compilers, base system, bootstrap kit, mk.conf.
# Needs BULK_SCRIPTS, BULK_PREFIX, BULK_BASE, BULK_KIT, BULK_MAKECONF and no other setting: bulk.mk asks for it while make reads it.

[ -z "${identity_sourced:-}" ] || return 0
identity_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/compilers.sh"

# identity: prints the lines. Lines that choose options begin with `mk.conf-option`: they count only where the options of a package
# are not known.
identity() {
    printf 'prefix %s\n' "$BULK_PREFIX"
    case $BULK_BASE in
    host) identity_system '' ;;
    *) if [ -d "$BULK_BASE" ]; then identity_system "$BULK_BASE"; else printf 'base %s\n' "$(identity_archive "$BULK_BASE")"; fi ;;
    esac
    identity_conf=$BULK_MAKECONF
    if [ -d "$BULK_KIT" ]; then
        # shellcheck disable=SC2012 # names of packages
        printf 'kit %s\n' "$(ls -- "$BULK_KIT${BULK_PKG_DBDIR:-$BULK_PREFIX/pkgdb}" 2>/dev/null | cksum | tr ' ' -)"
        [ -n "$identity_conf" ] || identity_conf=$BULK_KIT$BULK_PREFIX/etc/mk.conf
    elif [ -n "$BULK_KIT" ]; then
        printf 'kit %s\n' "$(identity_archive "$BULK_KIT")"
    fi
    [ ! -f "$identity_conf" ] || LC_ALL=C awk -f "$BULK_SCRIPTS/host/mkconf.awk" "$identity_conf"
}

# identity_system ROOT: the system in a directory, empty for this machine: its compilers by content, and its release.
identity_system() {
    for identity_name in cc gcc c++ g++ clang; do
        compilers_real "$1" "/usr/bin/$identity_name"
    done | LC_ALL=C sort -u | while IFS= read -r identity_path; do
        [ ! -f "$1$identity_path" ] || printf 'compiler %s %s\n' "$identity_path" "$(cksum <"$1$identity_path" | tr ' ' -)"
    done
    if [ -f "$1/etc/os-release" ]; then
        printf 'base %s\n' "$(sed -n 's/^ID=//p; s/^VERSION_ID=//p' "$1/etc/os-release" | tr -d '"' | tr '\n' ' ')"
    elif [ -z "$1" ]; then
        printf 'base %s\n' "$(uname -sr)"
    fi
}

# identity_archive FILE: its size, beginning and end; the end of a compressed file has a checksum of it all.
identity_archive() {
    { wc -c <"$1"; dd if="$1" bs=65536 count=1; tail -c 65536 "$1"; } 2>/dev/null | cksum | tr ' ' -
}

# identity_sum system|conf: one word for the lines of `identity` on standard input: for all but those that choose options, or for those.
identity_sum() {
    case $1 in
    system) grep -v '^mk.conf-option ' | cksum | tr ' ' - ;;
    conf) { grep '^mk.conf-option ' || :; } | cksum | tr ' ' - ;;
    esac
}
