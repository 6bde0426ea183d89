"""The settings of a run, one row each: all that is told of a setting is made from this table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Flag, auto


class Use(Flag):
    """How the scripts use a setting."""

    ANY = 0
    REQUIRED = auto()
    """It must not be empty; the others have their default then."""
    INPUT = auto()
    """A build is made from it: another value builds again what failed before."""
    PER_HOST = auto()
    """A host in the file HOSTS may have a value of its own."""
    PER_PACKAGE = auto()
    """PACKAGE_SETTINGS may change it for some packages."""
    HERE = auto()
    """For the machine that schedules only: it does not travel to other hosts."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A variable of bulk.mk: its default and what it means.

    `asked` names the variable of pkgsrc that gives the default where a tree can be asked. `good`
    is a regular expression of its values, empty if any text is one. Scripts see it as
    BULK_`exported`, or not at all if that is empty.
    """

    name: str
    value: str
    comment: str
    use: Use = Use.ANY
    asked: str = ""
    good: str = ""
    exported: str | None = None

    @property
    def export(self) -> str:
        """The name under which scripts see it, empty if only make does."""
        name = self.name if self.exported is None else self.exported
        return name and f"BULK_{name}"


_NUMBER = "[1-9][0-9]*"
_SIZE = "[1-9][0-9]*[kmg%]?"
_PLACE = "(/|https?://|ftp://)[^ ]*"
WORDS = {
    _NUMBER: "a number above 0",
    _SIZE: "a size such as 8g, 800m or 50%",
    _PLACE: "an absolute path or a URL (http, https, ftp)",
}
"""What to call the values that these expressions allow."""

REQUIRED, INPUT, HERE = Use.REQUIRED, Use.INPUT, Use.HERE
PER_HOST, PER_PACKAGE = Use.PER_HOST, Use.PER_PACKAGE

# fmt: off
TABLE = (
    Setting("PKGSRCDIR", "/usr/pkgsrc",
        "the pkgsrc tree; builds see it read-only", REQUIRED | PER_HOST),
    Setting("PACKAGES", "$(PKGSRCDIR)/packages",
        "where binary packages are kept, in All/", REQUIRED | PER_HOST, asked="PACKAGES"),
    Setting("DISTDIR", "$(PKGSRCDIR)/distfiles",
        "where distfiles are kept", REQUIRED | PER_HOST, asked="DISTDIR"),
    Setting("BULKLOG", "/var/log/bulk",
        "logs and results, one directory per package", REQUIRED | HERE, exported="LOG"),
    Setting("SANDBOXDIR", "/var/tmp/bulk-sandboxes",  # noqa: S108 - made by root; /tmp may be small
        "sandboxes and their unpacked layers", REQUIRED | PER_HOST),
    Setting("PKG_SUFX", ".tgz", "suffix of binary packages", REQUIRED, asked="PKG_SUFX"),
    Setting("PREFIX", "/usr/pkg",
        "where packages are installed (LOCALBASE)", REQUIRED | INPUT, asked="LOCALBASE"),
    Setting("PKG_DBDIR", "$(PREFIX)/pkgdb",
        "the database of installed packages", REQUIRED, asked="PKG_DBDIR"),
    Setting("BMAKE", "$(PREFIX)/bin/bmake",
        "pkgsrc's make, as named inside the sandbox", REQUIRED | INPUT),
    Setting("MAKECONF", "", "an mk.conf to use in place of the kit's own PREFIX/etc/mk.conf"),
    Setting("BOOTSTRAP_KIT", "",
        "bootstrap kit, an archive or directory laid over the base; none on NetBSD",
        PER_HOST, exported="KIT"),
    Setting("BASE", "host",
        "base system: host, or a directory or an archive with another one", REQUIRED | PER_HOST),
    Setting("BUILD_USER", "pbulk",
        "the user who builds; created inside the sandbox if the base does not have it",
        REQUIRED | INPUT | PER_HOST),
    Setting("SCRATCH", "tmpfs",
        "where packages are built (WRKOBJDIR): tmpfs, or disk for SANDBOXDIR",
        REQUIRED | INPUT | PER_HOST | PER_PACKAGE, good="tmpfs|disk"),
    Setting("SCRATCH_SIZE", "50%",
        "largest size of the tmpfs of one build: k, m, g or % of memory",
        INPUT | PER_HOST | PER_PACKAGE, good=_SIZE),
    Setting("ROOT_SIZE", "25%",
        "most that a build may write outside its work directory (kept in memory)",
        PER_HOST, good=_SIZE),
    Setting("LAYERS", "0",
        "MB of SANDBOXDIR, during a run, for layers of installed dependencies that packages "
        "share (Linux, as root, LAUNCH=local; only if bulk.mk was made with --set LAYERS=MB); "
        "0: every build installs all of its own",
        HERE, good="0|[1-9][0-9]*"),
    Setting("TIMEOUT", "86400", "seconds that one build may take", PER_PACKAGE, good=_NUMBER),
    Setting("TIMEOUT_SILENT", "7200",
        "seconds that one build may run without writing to its logs", PER_PACKAGE, good=_NUMBER),
    Setting("MEMORY_MAX", "80%",
        "memory that one build may use, its tmpfs included: k, m, g or % of memory",
        PER_HOST | PER_PACKAGE, good=_SIZE),
    Setting("PROCESSES_MAX", "4096",
        "processes that one build may have at a time", PER_HOST | PER_PACKAGE, good=_NUMBER),
    Setting("LOG_MAX", "500", "MB of logs that one build may write", PER_PACKAGE, good=_NUMBER),
    Setting("PACKAGE_SETTINGS", "",
        "file of lines `PATTERN NAME=VALUE...`: other limits for some PKGNAMEs", HERE),
    Setting("KEEP", "",
        "yes: keep the work directory of a failed build as work.tar.gz among its logs"),
    Setting("DISK_MIN", "500",
        "MB that must be free on every disk in use; with less the run is halted", PER_HOST),
    Setting("MAKE_JOBS", "",
        "parallel jobs inside one build; empty: what DISTCC_HOSTS can take, else mk.conf's, "
        "else the pool of jobs (JOB_POOL), else processors divided by -j",
        INPUT | PER_HOST | PER_PACKAGE),
    Setting("JOB_POOL", "yes",
        "yes: the N of make -j N is the number of jobs at work in all packages together; no: it "
        "is the number of packages only (pkgmkgen help jobs)", HERE, good="yes|no"),
    Setting("JOBS", "",
        "packages built at a time, if fewer than -j N; JOB_POOL=yes gives them all N jobs",
        HERE, good=_NUMBER),
    Setting("DISTCC_HOSTS", "",
        "hosts that compile for all packages, as distcc(1) reads them: HOST[:PORT][/LIMIT] "
        "...", PER_PACKAGE, asked="DISTCC_HOSTS"),
    Setting("CCACHE_DIR", "",
        "a ccache directory for all builds; not isolated: every build can write what others read",
        PER_PACKAGE),
    Setting("FETCH_LOCAL", "",
        "yes: fetching may reach loopback and link-local addresses of this machine (a proxy)",
        INPUT | PER_HOST | PER_PACKAGE),
    Setting("CASCADE", "all",
        "a dependency was built again: build again all that need it directly, only those that need "
        "shared libraries that it no longer has (libraries), or no", PER_PACKAGE | HERE,
        good="all|libraries|no"),
    Setting("INFRASTRUCTURE", "warn",
        "if files below mk/ have changed: ignore, warn, or rebuild all packages", HERE,
        good="ignore|warn|rebuild"),
    Setting("PACKAGES_FROM", "",
        "a repository, a directory or a URL: a package that is there as it would be built here is "
        "taken, not built (pkgmkgen help rebuild)", PER_PACKAGE | HERE, good=_PLACE),
    Setting("RETRY", "", "yes: build failed packages again, even if no input has changed", HERE),
    Setting("HOOK", "",
        "a command run at start and end of a run and after each package (HOOK_* variables)", HERE),
    Setting("STATUS_PAGE", "",
        "a file in which a run keeps a live HTML page of itself, written by PKGMKGEN", HERE),
    Setting("PKGMKGEN", "pkgmkgen",
        "the command that writes STATUS_PAGE", HERE),
    Setting("SIGN", "",
        "a command that signs the file given to it, called for checksums and pkg_summary", HERE),
    Setting("PUBLISH", "",
        "where `publish` puts the repository: a directory, or HOST:DIRECTORY", HERE),
    Setting("REQUIRED", "all",
        "packages that `publish` requires: all that have not failed, or a file of patterns",
        HERE),
    Setting("OLD", "keep",
        "what to do with binary packages that bulk.mk does not name: keep, list or remove",
        HERE, good="keep|list|remove"),
    Setting("GATES", "yes",
        "no: start packages in the order in which make finds them (pkgmkgen help schedule)",
        HERE, exported=""),
    Setting("SCRIPTS", "", "the sandbox scripts", HERE),
    Setting("BUILD_PACKAGE", "$(SCRIPTS)/build.sh",
        "what a recipe runs; its first argument is the PKGNAME", HERE, exported=""),
    Setting("LAUNCH", "local",
        "where packages are built: local (this machine), ssh (see HOSTS), slurm or vm", HERE),
    Setting("HOSTS", "", "for LAUNCH=ssh: file of lines `HOST JOBS [SPEED] [NAME=VALUE...]`", HERE),
    Setting("HOST_RETRY", "60", "seconds until a host that failed is tried again", HERE),
    Setting("SSH", "ssh",
        "for LAUNCH=ssh: the ssh command, with options such as -F /path/ssh_config", HERE),
    Setting("SLURM_OPTIONS", "",
        "for LAUNCH=slurm: options for srun, such as --partition=NAME", HERE),
    Setting("VM_IMAGE", "host",
        "for LAUNCH=vm: host (this system's directories), a directory or a disk image", HERE),
    Setting("VM_KERNEL", "",
        "for LAUNCH=vm: a Linux kernel .../vmlinuz-VERSION; empty: the newest in /boot", HERE),
    Setting("VM_MEMORY", "2g", "for LAUNCH=vm: memory of a machine", PER_PACKAGE | HERE),
    Setting("VM_CPUS", "",
        "for LAUNCH=vm: its processors; empty: MAKE_JOBS, or 1", PER_PACKAGE | HERE),
    Setting("VM_DISK", "20g", "for LAUNCH=vm: size of its scratch disk", PER_PACKAGE | HERE),
    Setting("VM_BOOT", "120", "for LAUNCH=vm: seconds in which a machine must start", HERE),
    Setting("VM_ACCEL", "auto",
        "for LAUNCH=vm: kvm, tcg (emulation) or auto (kvm where a machine starts under it)",
        HERE, good="auto|kvm|tcg"),
)
# fmt: on
