# shellcheck shell=sh source-path=SCRIPTDIR/.. disable=SC2034
# fetcher.sh - once a run, before the first build: if a distfile is missing, checks that a sandbox can fetch it. The run must have been prepared.

[ -z "${fetcher_sourced:-}" ] || return 0
fetcher_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/say.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/settings.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/os.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/run.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/distcc.sh"
: "${run_launch=}" "${run_shared=}" # set by run_identity

# fetcher_check GOAL: halts the run if pkgsrc has no tool to fetch with, or this machine has no network; GOAL is `fetch` if nothing is to be built first.
fetcher_check() {
    fetcher_missing >"$run_launch/missing"
    read -r fetcher_pkgpath fetcher_file <"$run_launch/missing" || return 0
    fetcher_dir=$run_shared/fetcher # removed with the shared files of the run, also if the run is killed
    mkdir -p -- "$fetcher_dir/log" "$fetcher_dir/out"
    distcc_settings
    export BULK_CGROUPS='' BULK_MEMORY_KB=4000000 BULK_PROCESSES_MAX
    os_sandbox "$fetcher_dir" "$fetcher_dir/log" '' inside/fetcher.sh fetcher "$fetcher_pkgpath" -- </dev/null 9>&2
    os_wait || :
    os_child=
    fetcher_word='' fetcher_using='' fetcher_command='' fetcher_hosts=''
    [ ! -f "$fetcher_dir/out/fetcher" ] || [ -h "$fetcher_dir/out/fetcher" ] ||
        { read -r fetcher_word fetcher_using fetcher_command && read -r fetcher_hosts; } <"$fetcher_dir/out/fetcher" || :
    os_rm "$fetcher_dir"
    case $1:$fetcher_word in
    *:missing) fetcher_halt "command not found in the base system: $fetcher_command" ;;
    *:plain) fetcher_halt "$fetcher_command does not support https" ;;
    fetch:package) fetcher_halt "$fetcher_command is part of a package, and \`make fetch\` installs no packages" "; or build, which also fetches" ;;
    esac
    fetcher_network || machine_failure "no network: this machine cannot find $fetcher_host, which has $fetcher_file of $fetcher_pkgpath" \
        "connect it, set a proxy in mk.conf, or copy the missing distfiles to $BULK_DISTDIR"
}

# fetcher_network: has this machine a network? It has none if it finds the address of no host in fetcher_hosts (at most three are tried) and
# not that of the site of NetBSD.
fetcher_network() {
    fetcher_host=''
    command -v getent >/dev/null 2>&1 || return 0
    for fetcher_name in $fetcher_hosts; do
        case $fetcher_name in *[!a-z0-9.-]* | -*) return 0 ;; esac
    done
    # shellcheck disable=SC2086 # words
    set -- $fetcher_hosts
    [ $# -gt 0 ] || return 0
    fetcher_host=$1
    for fetcher_name in "$1" ${2:+"$2"} ${3:+"$3"} cdn.netbsd.org; do
        ! getent hosts "$fetcher_name" >/dev/null 2>&1 || return 0
    done
    return 1
}

# fetcher_halt WHY [REMEDY]
fetcher_halt() {
    machine_failure "cannot fetch $fetcher_file of $fetcher_pkgpath (FETCH_USING=$fetcher_using): $1" \
        "install curl or wget in the base system (BASE=$BULK_BASE), or set FETCH_USING in mk.conf to a tool that it has${2:-}"
}

# fetcher_missing: prints the PKGPATH of a package that is not built and the name of its distfile that is not in DISTDIR; nothing if there is none.
fetcher_missing() {
    # shellcheck disable=SC2016 # awk's
    sed -n 's/^#job \([^ ]*\) \([^ ]*\) .*/\1 \2/p' "$BULK_MAKEFILE" | while read -r fetcher_name fetcher_path; do
        [ -f "$BULK_PACKAGES/All/$fetcher_name$BULK_PKG_SUFX" ] || [ ! -f "$BULK_PKGSRCDIR/$fetcher_path/distinfo" ] ||
            printf '%s\n' "$fetcher_path/distinfo"
    done | (cd -- "$BULK_PKGSRCDIR" && xargs awk 'FNR == 1 { path = FILENAME; sub(/\/distinfo$/, "", path) }
        /^[A-Z][A-Za-z0-9]* \([A-Za-z0-9@_+,=~!%:.\/-]*\) = / && $2 !~ /^\(patch-/ && !($2 in seen) {
            seen[$2] = 1
            print path, substr($2, 2, length($2) - 2)
        }' /dev/null 2>/dev/null) 2>/dev/null | while read -r fetcher_path fetcher_name; do
        [ -f "$BULK_DISTDIR/$fetcher_name" ] || { printf '%s %s\n' "$fetcher_path" "$fetcher_name"; break; }
    done
}
