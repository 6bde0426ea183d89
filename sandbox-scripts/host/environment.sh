# shellcheck shell=sh
# environment.sh - removes all variables that the host's scripts inherit from their caller, except the ones named here.
# TIME_STYLE, TAR_OPTIONS, a locale, GREP_OPTIONS and others change the output and behaviour of programs; the settings of a run
# come only from bulk.mk and the command line of make. The commands of the user (HOOK, SIGN, ssh, srun) see the same variables.

# environment_clean: once a run; scripts that are started later inherit the result.
environment_clean() {
    # shellcheck disable=SC2013 # names have no blanks
    for environment_name in $(awk 'BEGIN { for (name in ENVIRON) print name }'); do
        case $environment_name in
        *[!A-Za-z0-9_]* | [0-9]*) ;; # a shell cannot unset it, and our programs do not read it
        PATH | PWD | HOME | USER | LOGNAME | SHELL | TERM | TMPDIR | TZ | COLUMNS | LINES | COMMAND | NO_COLOR) ;;
        BULK_* | job_* | PKGMKGEN_* | MAKE | MAKEFLAGS | MFLAGS | MAKELEVEL | MAKEOVERRIDES | GNUMAKEFLAGS) ;;
        HOOK_* | SIGN_* | GNUPGHOME | GPG_* | SSH_* | KRB5* | SLURM_* | MUNGE_* | XDG_RUNTIME_DIR | DBUS_SESSION_BUS_ADDRESS) ;;
        *) unset "$environment_name" ;;
        esac
    done
    LC_ALL=C BULK_ENVIRONMENT=clean
    export LC_ALL BULK_ENVIRONMENT
}
[ -n "${BULK_ENVIRONMENT:-}" ] || environment_clean
