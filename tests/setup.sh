# shellcheck shell=sh
# setup.sh - sourced by demo.sh and run.sh: what pkgmkgen needs on a Debian system, installed once.
# With testing=yes also what only the tests need. Sets top (the checkout) and puts the checkout's own Python environment, .venv, first in PATH.

top=$(cd -- "$(dirname -- "$0")/.." && pwd)
die() { printf '%s: %s\n' "$0" "$1" >&2; exit 1; }
[ "$(id -u)" -eq 0 ] || die 'run me as root: sandboxes need it'

# need COMMAND PACKAGE...: apt-get installs what is missing, in one go, at the end.
missing=
need() {
    command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}
need bmake bmake
need make make
need cc gcc
need c++ g++
need zstd zstd
need mksh mksh
need shellcheck shellcheck
need ip iproute2
need unshare util-linux
need git git
if [ "${testing:-}" = yes ]; then
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
command -v python3 >/dev/null 2>&1 && python3 -c 'import ensurepip, venv' 2>/dev/null || missing="$missing python3 python3-venv"
if [ -n "$missing" ]; then
    command -v apt-get >/dev/null 2>&1 || die "install these first:$missing"
    printf 'setup: apt-get install%s\n' "$missing"
    # shellcheck disable=SC2086 # a list of package names
    { DEBIAN_FRONTEND=noninteractive apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -qy install $missing; } >/tmp/setup.$$ 2>&1 ||
        { cat /tmp/setup.$$; rm -f /tmp/setup.$$; die 'apt-get failed'; }
    rm -f /tmp/setup.$$
fi
if [ ! -x "$top/.venv/bin/pkgmkgen" ] || [ -n "$(find "$top/setup.cfg" -newer "$top/.venv/bin/pkgmkgen")" ]; then
    printf 'setup: Python environment in .venv\n'
    python3 -m venv --clear "$top/.venv"
    "$top/.venv/bin/python" -m pip --disable-pip-version-check -q install -e "${top}[test]"
    touch "$top/.venv/bin/pkgmkgen"
fi
PATH=$top/.venv/bin:$PATH
export PATH
