# shellcheck shell=sh
# remove.sh - what pkg_add and pkg_delete share. Needs lib, the directory it is in.
: "${lib:?}"

# remove_files CONTENTS: removes the files that the packing list names and then the directories that are empty now,
# deepest first.
remove_files() {
    remove_list=$1
    set --
    while IFS= read -r remove_path; do set -- "$@" "$remove_path"; done <<END
$(awk -f "$lib/paths.awk" "$remove_list")
END
    [ -z "$*" ] || rm -f -- "$@"
    set --
    while IFS= read -r remove_path; do set -- "$@" "$remove_path"; done <<END
$(WANT=directories awk -f "$lib/paths.awk" "$remove_list" | LC_ALL=C sort -r)
END
    [ -z "$*" ] || rmdir -- "$@" 2>/dev/null || :
}
