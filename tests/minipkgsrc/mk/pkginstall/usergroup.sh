#!/bin/sh
# usergroup.sh GROUPS USERS - makes the groups (name:gid) and users (name:group:uid:home:shell) that do not exist yet; an
# empty number means the first free one from 900. By hand in /etc, where that is all there is to it; else by useradd.
set -eu

# free FILE: the first number from 900 that no line of FILE (a passwd or group) has.
free() { awk -F: '{ used[$3] = 1 } END { for (n = 900; n in used; n++); print n }' "$1"; }
has() { grep -q "^$2:" "$1"; }

# shellcheck disable=SC2086 # a list of words without blanks
for entry in $1; do
    name=${entry%%:*} gid=${entry#*:}
    ! has /etc/group "$name" || continue
    echo "Creating group $name"
    if [ "$(uname -s)" = Linux ]; then
        printf '%s:x:%s:\n' "$name" "${gid:-$(free /etc/group)}" >>/etc/group
    else
        groupadd ${gid:+-g "$gid"} "$name"
    fi
done
# shellcheck disable=SC2086
for entry in $2; do
    IFS=: read -r name group uid home shell <<END
$entry
END
    ! has /etc/passwd "$name" || continue
    echo "Creating user $name"
    if [ "$(uname -s)" = Linux ]; then
        gid=$(awk -F: -v group="$group" '$1 == group { print $3 }' /etc/group)
        printf '%s:x:%s:%s:%s:%s:%s\n' "$name" "${uid:-$(free /etc/passwd)}" "${gid:?group $group does not exist}" \
            "made by pkgsrc" "$home" "$shell" >>/etc/passwd
    else
        useradd ${uid:+-u "$uid"} -g "$group" -d "$home" -s "$shell" "$name"
    fi
done
