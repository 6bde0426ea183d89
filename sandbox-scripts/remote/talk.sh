# shellcheck shell=sh source-path=SCRIPTDIR/..
# talk.sh - how an attempt to build elsewhere talks with remote/remote.sh there. It works in OUTDIR, with files below attempt/.
# Leaves in OUTDIR `started` (DIR NODE, if the sandbox was started), `status` (that of the script), or `trouble` (a line: why
# that machine failed).

[ -z "${remote_talk_sourced:-}" ] || return 0
remote_talk_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/inputs.sh"

# talk_open OUTDIR: to be called first.
talk_open() {
    trap '' PIPE # a closed connection is noticed in another way
    cd -- "$1" || exit
    rm -rf -- attempt
    mkdir -- attempt
    mkfifo attempt/ready attempt/to attempt/from
    : >attempt/said
    [ -f closure ] || : >closure
}

# trouble TEXT: the other machine failed. said: prints the last line of its standard error, in brackets.
trouble() {
    printf '%s\n' "$1" >trouble
    exit 1
}
said() { sed '/^Warning: Permanently added/d; /^  fix: /d' attempt/said | tail -n 1 | cut -c1-300 | sed 's/..*/ (&)/'; }

# talk_job WORDS SHARED PKGNAME PKGPATH LOGDIR SCRIPT ARG...: writes the job; WORDS are BULK_NAME=VALUEs of that machine.
talk_job() {
    job_words=$1 job_shared=$2 job_pkgname=$3 job_pkgpath=$4 job_logdir=$5
    shift 5
    # shellcheck disable=SC2086 # the words have no blanks
    awk -f "$BULK_SCRIPTS/remote/job.awk" $job_words "job_shared=$job_shared" "job_pkgname=$job_pkgname" "job_pkgpath=$job_pkgpath" \
        "job_logdir=$job_logdir" "job_outdir=$PWD" "job_tree=$(inputs_tree "$BULK_PKGSRCDIR/$job_pkgpath")" \
        -- "$@" >attempt/job
    { cat closure && echo '#end of closure'; } >>attempt/job
}

# talk COMMAND...: COMMAND runs remote/remote.sh there; sends it the job and, every ten seconds, a sign of life. Calls
# talk_started DIR NODE before the sandbox is made, and talk_done DIR when it has ended, to fetch its output.
# Returns when the far end has ended, too.
talk() {
    # A shell of its own opens the pipes (see chroot-enter.sh).
    {
        exec <attempt/to >attempt/from 2>>attempt/said
        "$@"
    } &
    exec 7>attempt/to 6<attempt/from
    cat attempt/job >&7
    while sleep 10; do echo beat >&7; done &
    talk_beats=$! talk_dir='' talk_status=''
    while read -r talk_word talk_dir_or_text talk_rest <&6; do
        case $talk_word in
        started)
            talk_dir=$talk_dir_or_text
            printf '%s %s\n' "$talk_dir" "$talk_rest" >started
            talk_started "$talk_dir" "$talk_rest"
            ;;
        status)
            talk_status=$talk_dir_or_text
            break
            ;;
        trouble)
            talk_text="$talk_dir_or_text $talk_rest"
            [ "$talk_text" != " " ] || talk_text=$(sed -n 's/.*run halted: //p' attempt/said | tail -n 1) # its disk may be full
            trouble "${talk_text:-failed without a word}"
            ;;
        esac
    done
    [ -n "$talk_status" ] || trouble "the connection was lost${talk_dir:+ in the middle of a build}$(said)"
    [ "$talk_status" != 75 ] || trouble "no sandbox could be made$(said)"
    talk_done "$talk_dir"
    kill "$talk_beats" 2>/dev/null || :
    echo bye >&7
    exec 7>&-
    while read -r _ <&6; do :; done
    rm -f -- started
    printf '%s\n' "$talk_status" >status
}
