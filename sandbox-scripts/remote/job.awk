# job.awk NAME=VALUE... -- SCRIPT ARG... - prints a build as text that remote/remote.sh reads on another machine: the variables BULK_*
# that are used there (of the settings those of BULK_TRAVELS), the NAME=VALUEs, and SCRIPT with its arguments, all quoted for sh.
function quoted(text) {
    gsub(/'/, "'\\''", text)
    return "'" text "'"
}
BEGIN {
    here = " ENVIRONMENT OS MACHINE SCRIPTS RUN RUNDIR PARENT BUILDER CGROUPS MAKEFILE MEMORY_KB TTY SHELL_PKG SHELL_AT SHELL_ROOT SHELL_COMMAND "
    n = split(ENVIRON["BULK_SETTINGS"], words, " ")
    for (i = 1; i <= n; i++) {
        sub(/=.*/, "", words[i])
        if (!index(" " ENVIRON["BULK_TRAVELS"] " ", " " words[i] " ")) here = here words[i] " "
    }
    for (name in ENVIRON)
        if (name ~ /^BULK_[A-Z_]+$/ && !index(here, " " substr(name, 6) " "))
            print "export " name "=" quoted(ENVIRON[name])
    for (i = 1; i < ARGC && ARGV[i] != "--"; i++) {
        name = value = ARGV[i]
        sub(/=.*/, "", name)
        sub(/^[^=]*=/, "", value)
        print "export " name "=" quoted(value)
    }
    printf "set --"
    for (i++; i < ARGC; i++) printf " %s", quoted(ARGV[i])
    print "\n#end of job"
}
