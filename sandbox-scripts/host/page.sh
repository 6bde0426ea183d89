# shellcheck shell=sh source-path=SCRIPTDIR/..
# page.sh - the live page of a run, the file STATUS_PAGE, written again and again by `pkgmkgen status` while it goes on.

[ -z "${page_sourced:-}" ] || return 0
page_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/say.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/settings.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/os.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/cause.sh"
: "${cause_what=}" # set by cause
: "${run_shared=}" # set by run_identity

# page_open: begins to write it, in a process that dies with this one.
page_open() {
    page_process=
    [ -n "$BULK_STATUS_PAGE" ] || return 0
    command -v "${BULK_PKGMKGEN%% *}" >/dev/null 2>&1 || {
        say note "STATUS_PAGE is not written: command not found: $BULK_PKGMKGEN (set PKGMKGEN to the path of pkgmkgen)"
        return 0
    }
    say note "live page: $BULK_STATUS_PAGE"
    # shellcheck disable=SC2086 # words
    os_leash $BULK_PKGMKGEN status "$BULK_RUN" --log "$BULK_LOG" --html "$BULK_STATUS_PAGE" --watch </dev/null >/dev/null &
    page_process=$!
}

# page_close: writes it a last time.
page_close() {
    [ -n "$page_process" ] || return 0
    kill "$page_process" 2>/dev/null || :
    wait "$page_process" 2>/dev/null || :
    # shellcheck disable=SC2086 # words
    $BULK_PKGMKGEN status "$BULK_RUN" --log "$BULK_LOG" --html "$BULK_STATUS_PAGE" </dev/null >/dev/null 2>"$run_shared/page" || {
        cause "$run_shared/page"
        say note "STATUS_PAGE could not be written: $cause_what"
    }
}
