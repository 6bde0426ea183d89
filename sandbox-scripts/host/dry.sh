# shellcheck shell=sh
# dry.sh - was make only asked what it would do?

[ -z "${dry_sourced:-}" ] || return 0
dry_sourced=yes

# dry_run: was make called with -n, -q or -t? It calls run.sh and impact.sh also then. GNU make has them in its first word.
dry_run() {
    dry_flags=${MAKEFLAGS:-}
    case ${dry_flags%% *} in -* | *=*) ;; *[nqt]*) return 0 ;; esac
    case " $dry_flags " in *" -n "* | *" -q "* | *" -t "*) return 0 ;; esac
    return 1
}
