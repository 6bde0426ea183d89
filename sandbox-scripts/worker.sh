# shellcheck shell=sh
# worker.sh - runs the commands that lines on standard input describe, one after the other. At end of input it kills all
# processes that it started. Read by sh: on this machine, inside a sandbox, or at the other end of ssh.
#   E WORDS     the environment of the commands to come, quoted for sh: NAME='value' ...
#   A WORDS     their words, quoted for sh
#   R MARK DIR  run it in DIR with an empty standard input. Then a line `MARK STATUS` ends its output, and a line `MARK`
#               its errors. Descriptor 9 of the command is its standard error, also if that is redirected.
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
{
    cat
    kill -KILL 0
} | while IFS= read -r line; do
    case $line in
    E*) env_words=${line#E } ;;
    A*) words=${line#A } ;;
    R*)
        line=${line#R }
        mark=${line%% *} status=0
        # shellcheck disable=SC2086
        (cd -- "${line#* }" && eval "exec env -i $env_words $words") </dev/null 9>&2 || status=$?
        printf '\n%s %s\n' "$mark" "$status"
        printf '\n%s\n' "$mark" >&2
        ;;
    esac
done
