# shellcheck shell=sh disable=SC2154,SC2034
# fetcher.sh - once a run, before anything is built: if a distfile is missing, can a sandbox fetch it? Needs: host.sh, and a prepared run.

# fetcher_check GOAL: halts the run if pkgsrc has no tool to fetch with; GOAL is `fetch` if nothing is to be built first.
fetcher_check() {
    fetcher_missing >"$run_launch/missing"
    read -r fetcher_pkgpath fetcher_file <"$run_launch/missing" || return 0
    fetcher_dir=$run_shared/fetcher # goes with what the run shares, however the run ends
    mkdir -p -- "$fetcher_dir/log" "$fetcher_dir/out"
    distcc_settings
    export BULK_CGROUPS='' BULK_MEMORY_KB=4000000 BULK_PROCESSES_MAX
    os_sandbox "$fetcher_dir" "$fetcher_dir/log" '' inside/fetcher.sh fetcher "$fetcher_pkgpath" -- </dev/null
    os_wait || :
    os_child=
    fetcher_word='' fetcher_using='' fetcher_command=''
    [ ! -f "$fetcher_dir/out/fetcher" ] || [ -h "$fetcher_dir/out/fetcher" ] || read -r fetcher_word fetcher_using fetcher_command <"$fetcher_dir/out/fetcher" || :
    os_rm "$fetcher_dir"
    fetcher_why="$fetcher_file of $fetcher_pkgpath is not in DISTDIR, and pkgsrc would fetch it by FETCH_USING=$fetcher_using"
    fetcher_fix="install curl or wget in the base (BASE=$BULK_BASE), or set FETCH_USING in mk.conf to a tool that is there"
    case $1:$fetcher_word in
    *:missing) machine_failure "$fetcher_why: the base has no $fetcher_command" "$fetcher_fix" ;;
    *:plain) machine_failure "$fetcher_why: $fetcher_command does not know https" "$fetcher_fix" ;;
    fetch:package) machine_failure "$fetcher_why: the base has no $fetcher_command, which a package brings, and \`make fetch\` installs none" \
        "$fetcher_fix; or build, which fetches, too" ;;
    esac
}

# fetcher_missing: prints PKGPATH and name of a distfile that DISTDIR lacks, of a package that is not built; nothing if there is none.
fetcher_missing() {
    # shellcheck disable=SC2016 # awk's
    sed -n 's/^	@$B \([^ ]*\) \([^ ]*\) .*/\1 \2/p' "$BULK_MAKEFILE" | while read -r fetcher_name fetcher_path; do
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
