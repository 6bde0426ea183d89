# shellcheck shell=sh
# digests.sh - the SHA256 of many files by one program. Needs no setting.

[ -z "${digests_sourced:-}" ] || return 0
digests_sourced=yes

# inputs_digests [FILE...]: a line for each FILE, or for standard input: the digest, two characters, the name.
inputs_digests() {
    if command -v sha256sum >/dev/null 2>&1; then
        sha256sum -- "$@"
    else
        openssl dgst -r -sha256 "$@"
    fi
}
