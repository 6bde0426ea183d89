# shellcheck shell=sh
# setup.sh - sourced by demo.sh and run.sh: what pkgmkgen needs on a Debian system, installed once; with testing=yes also
# what only the tests need, with testing=quick what those without sandboxes need. Refuses first where it cannot work. Sets top (the checkout) and puts the checkout's own Python
# environment, .venv, first in PATH.

top=$(cd -- "$(dirname -- "$0")/.." && pwd)
die() { printf '%s: %s\n  fix: %s\n' "$0" "$1" "$2" >&2; exit 1; }

# setup_path DIR WHAT: refuses a path that make and mount cannot take.
setup_path() {
    case $1 in
    *[!A-Za-z0-9/._+-]*) die "the path of $2 has a blank or another character that make cannot take: $1" "use a directory whose path is of letters, digits and ._+- only" ;;
    esac
}
setup_path "$top" "this checkout"
[ -w "$top" ] || die "you cannot write to this checkout, where the Python environment .venv is made: $top" "copy it to a directory of yours: cp -R $top ~/pkgmkgen"

# need COMMAND PACKAGE: notes packages whose command is missing.
missing=
need() {
    command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || missing="$missing $2"
}
need bmake bmake
need make make
need cc gcc
need c++ g++
need zstd zstd
need unshare util-linux
[ "$(id -u)" -eq 0 ] || need newuidmap uidmap
if [ -n "${testing:-}" ]; then
    need git git
    need mksh mksh
    need shellcheck shellcheck
fi
if [ "${testing:-}" = yes ]; then
    need ip iproute2
    need chromium chromium
    need ksh93 ksh93u+m
    need rsync rsync
    need ssh openssh-client
    need sshd openssh-server
    need munged munge
    need srun slurm-client
    need slurmd slurmd
    need slurmctld slurmctld
    need qemu-system-x86_64 qemu-system-x86
    need cpio cpio
    need depmod kmod
    need mke2fs e2fsprogs
    need distccd distcc
    need ccache ccache
    need socat socat
    need curl curl
    need newuidmap uidmap
    need aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu
fi
[ -e /etc/ssl/certs/ca-certificates.crt ] || missing="$missing ca-certificates"
command -v python3 >/dev/null 2>&1 && python3 -c 'import ensurepip, venv' 2>/dev/null || missing="$missing python3 python3-venv"

# setup_step WHAT COMMAND...: runs COMMAND and says what and for how long, every 20 seconds; its output only if it fails.
setup_step() (
    what=$1
    shift
    printf 'setup: %s\n' "$what"
    log=$(mktemp) began=$(date +%s)
    "$@" >"$log" 2>&1 </dev/null &
    work=$!
    trap 'kill "$work" 2>/dev/null; rm -f -- "$log"; exit 130' HUP INT TERM
    waited=0
    while kill -0 "$work" 2>/dev/null; do
        sleep 1
        [ $(((waited += 1) % 20)) -ne 0 ] || printf 'setup:   ... %s s so far: %s\n' "$waited" "$(tail -n 1 -- "$log" | cut -c 1-70)"
    done
    status=0
    wait "$work" || status=$?
    [ "$status" -eq 0 ] || cat -- "$log" >&2
    rm -f -- "$log"
    [ "$status" -ne 0 ] || printf 'setup:   done in %s s\n' "$(($(date +%s) - began))"
    exit "$status"
)

if [ -n "$missing" ]; then
    fix="as root: apt-get install$missing"
    command -v apt-get >/dev/null 2>&1 || die "not installed:$missing" "install these (the names are those of Debian packages)"
    [ "$(id -u)" -eq 0 ] || die "not installed:$missing" "$fix"
    export DEBIAN_FRONTEND=noninteractive
    setup_step "apt-get update" apt-get -q update || die "apt-get update failed (see the lines above)" "repair the network or /etc/apt, then run this again"
    # shellcheck disable=SC2086 # a list of package names
    new=$(apt-get -s install $missing 2>/dev/null | grep -c '^Inst ') || :
    # shellcheck disable=SC2086
    setup_step "apt-get install$missing: $new packages with what they need, which can take some minutes" apt-get -qy install $missing ||
        die "apt-get install failed (see the lines above)" "$fix"
fi
# The file .venv/for says what is installed in it: `demo`, or `tests` with the linters and test programs.
for=demo extras=
[ -z "${testing:-}" ] || for=tests extras='[test]'
case $for:$(cat -- "$top/.venv/for" 2>/dev/null) in
demo:tests | demo:demo | tests:tests) [ -z "$(find "$top/setup.cfg" -newer "$top/.venv/for")" ] || rm -f -- "$top/.venv/for" ;;
*) rm -f -- "$top/.venv/for" ;;
esac
if [ ! -f "$top/.venv/for" ]; then
    "$top/.venv/bin/python" -m pip --version >/dev/null 2>&1 || setup_step "Python environment $top/.venv" python3 -m venv --clear "$top/.venv" || die "python3 -m venv failed (see the lines above)" "install python3-venv, or remove $top/.venv"
    setup_step "pip install pkgmkgen$extras and what it needs, from the network" \
        "$top/.venv/bin/python" -m pip --disable-pip-version-check install -e "$top$extras" || die "pip install failed (see the lines above)" "repair the network, or set the index of pip (pip config set global.index-url URL)"
    printf '%s\n' "$for" >"$top/.venv/for"
fi
PATH=$top/.venv/bin:$PATH
export PATH
