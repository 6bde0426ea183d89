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

# fetcher_check GOAL: halts the run if pkgsrc has no tool to fetch with; GOAL is `fetch` if nothing is to be built first.
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
    fetcher_word='' fetcher_using='' fetcher_command=''
    [ ! -f "$fetcher_dir/out/fetcher" ] || [ -h "$fetcher_dir/out/fetcher" ] || read -r fetcher_word fetcher_using fetcher_command <"$fetcher_dir/out/fetcher" || :
    os_rm "$fetcher_dir"
    case $1:$fetcher_word in
    *:missing) fetcher_halt "command not found in the base system: $fetcher_command" ;;
    *:plain) fetcher_halt "$fetcher_command does not support https" ;;
    fetch:package) fetcher_halt "$fetcher_command is part of a package, and \`make fetch\` installs no packages" "; or build, which also fetches" ;;
    esac
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
