"""The settings of a run: what bulk.mk lets its user override on make's command line.

One table; bulk.mk and --set speak of the same rows. Values are text for make;
they may name other settings as `$(NAME)` in the defaults of this table only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pkgmkgen.errors import UsageError


@dataclass(frozen=True, slots=True)
class Setting:
    """A variable of bulk.mk: its default and what it means.

    `asked` names the variable of pkgsrc that gives the default where a tree can be asked.
    """

    name: str
    value: str
    comment: str
    asked: str = ""

    @property
    def export(self) -> str:
        """The name under which scripts see it, empty if only make does."""
        return _EXPORTS.get(self.name, f"BULK_{self.name}")


_EXPORTS = {"BOOTSTRAP_KIT": "BULK_KIT", "BULKLOG": "BULK_LOG", "GATES": "", "BUILD_PACKAGE": ""}


TABLE = (
    Setting("PKGSRCDIR", "/usr/pkgsrc", "the pkgsrc tree; builds see it read-only"),
    Setting(
        "PACKAGES", "$(PKGSRCDIR)/packages", "where binary packages are kept, in All/", "PACKAGES"
    ),
    Setting("DISTDIR", "$(PKGSRCDIR)/distfiles", "where distfiles are kept", "DISTDIR"),
    Setting("BULKLOG", "/var/log/bulk", "logs and results, a directory a package"),
    # root makes it; /tmp may be a small tmpfs
    Setting("SANDBOXDIR", "/var/tmp/bulk-sandboxes", "sandboxes and their unpacked layers"),  # noqa: S108
    Setting("PKG_SUFX", ".tgz", "suffix of binary packages", "PKG_SUFX"),
    Setting("PREFIX", "/usr/pkg", "where packages are installed (LOCALBASE)", "LOCALBASE"),
    Setting("PKG_DBDIR", "$(PREFIX)/pkgdb", "the database of installed packages", "PKG_DBDIR"),
    Setting("BMAKE", "$(PREFIX)/bin/bmake", "pkgsrc's make, as named inside the sandbox"),
    Setting("MAKECONF", "", "an mk.conf to use in place of the kit's own PREFIX/etc/mk.conf"),
    Setting(
        "BOOTSTRAP_KIT",
        "",
        "bootstrap kit, an archive or directory laid over the base; none on NetBSD",
    ),
    Setting("BASE", "host", "base system: host, or a directory or an archive with another one"),
    Setting(
        "BUILD_USER", "pbulk", "who builds; made inside the sandbox if the base does not have it"
    ),
    Setting(
        "SCRATCH", "tmpfs", "where packages are built (WRKOBJDIR): tmpfs, or disk for SANDBOXDIR"
    ),
    Setting(
        "SCRATCH_SIZE", "50%", "largest size of the tmpfs of one build: k, m, g or % of memory"
    ),
    Setting(
        "ROOT_SIZE",
        "25%",
        "largest size of what a build writes outside its work directory, in memory",
    ),
    Setting("TIMEOUT", "86400", "seconds that one build may take"),
    Setting(
        "TIMEOUT_SILENT", "7200", "seconds that one build may go on without writing to its logs"
    ),
    Setting(
        "MEMORY_MAX",
        "80%",
        "memory that one build may use, its tmpfs included: k, m, g or % of memory",
    ),
    Setting("PROCESSES_MAX", "4096", "processes that one build may have at a time"),
    Setting("LOG_MAX", "500", "MB of logs that one build may write"),
    Setting(
        "PACKAGE_SETTINGS",
        "",
        "file of lines `PATTERN NAME=VALUE...`: other limits for some PKGNAMEs",
    ),
    Setting(
        "KEEP", "", "yes keeps the work directory of a failed build, as work.tar.gz among its logs"
    ),
    Setting("DISK_MIN", "500", "MB that must be free on every disk in use, else the run is halted"),
    Setting(
        "MAKE_JOBS",
        "",
        "parallel jobs inside one build (unset, cmake, meson, rust, go and haskell packages use 1);"
        " empty: what DISTCC_HOSTS can take, else mk.conf's, else processors divided by -j",
    ),
    Setting(
        "DISTCC_HOSTS",
        "",
        "hosts that compile for all packages, as distcc(1) reads them: HOST[:PORT][/LIMIT] ...",
        "DISTCC_HOSTS",
    ),
    Setting(
        "CCACHE_DIR",
        "",
        "a cache for ccache, shared by all builds: a hole, what one writes there others read",
    ),
    Setting("RETRY", "", "yes builds again what failed before, even if nothing has changed"),
    Setting(
        "HOOK", "", "a command run at start and end of a run and after each package, told by HOOK_*"
    ),
    Setting(
        "SIGN",
        "",
        "a command that signs the file given to it, called for checksums and pkg_summary",
    ),
    Setting("PUBLISH", "", "where `publish` puts the repository: a directory, or HOST:DIRECTORY"),
    Setting(
        "REQUIRED",
        "all",
        "packages without which `publish` refuses: all that have not failed, or a file of patterns",
    ),
    Setting("OLD", "keep", "binary packages that bulk.mk no longer names: keep, list or remove"),
    Setting("GATES", "yes", "no starts packages as make comes upon them; see Gates below"),
    Setting("SCRIPTS", "", "the sandbox scripts"),
    Setting(
        "BUILD_PACKAGE",
        "$(SCRIPTS)/build.sh",
        "what a recipe runs; its first argument is the PKGNAME",
    ),
    Setting(
        "LAUNCH",
        "local",
        "where packages are built: local (this machine), ssh (see HOSTS), slurm or vm",
    ),
    Setting("HOSTS", "", "for LAUNCH=ssh: file of lines `HOST JOBS [SPEED] [NAME=VALUE...]`"),
    Setting("HOST_RETRY", "60", "seconds until a host that was set aside is tried again"),
    Setting(
        "SSH",
        "ssh",
        "for LAUNCH=ssh: the command, perhaps with options, such as ssh -F /path/ssh_config",
    ),
    Setting("SLURM_OPTIONS", "", "for LAUNCH=slurm: options for srun, such as --partition=NAME"),
    Setting(
        "VM_IMAGE",
        "host",
        "for LAUNCH=vm: host (this system's directories), a directory or a disk image",
    ),
    Setting(
        "VM_KERNEL",
        "",
        "for LAUNCH=vm: a Linux kernel .../vmlinuz-VERSION; empty: the newest in /boot",
    ),
    Setting("VM_MEMORY", "2g", "for LAUNCH=vm: memory of a machine"),
    Setting("VM_CPUS", "", "for LAUNCH=vm: its processors; empty: MAKE_JOBS, or 1"),
    Setting("VM_DISK", "20g", "for LAUNCH=vm: size of its scratch disk"),
    Setting("VM_BOOT", "120", "for LAUNCH=vm: seconds in which it must be up"),
    Setting(
        "VM_ACCEL",
        "auto",
        "for LAUNCH=vm: kvm, tcg (emulation) or auto (kvm where a machine starts under it)",
    ),
)

_VALUE = re.compile(r"[A-Za-z0-9 %+,./:=@_~-]*")


def parse(words: tuple[str, ...]) -> dict[str, str]:
    """Read `NAME=VALUE` words of --set. UsageError: unknown NAME, or a value make would misread."""
    values: dict[str, str] = {}
    known = {setting.name for setting in TABLE}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or name not in known:
            raise UsageError(
                f"no setting of that name: {word!r}", "--set", f"one of {', '.join(sorted(known))}"
            )
        check(name, value, "--set")
        values[name] = value
    return values


def check(name: str, value: str, where: str) -> None:
    """Raise UsageError unless make and sh take `value` for what it is."""
    if not _VALUE.fullmatch(value):
        raise UsageError(
            f"{name} has a character that make or sh would misread: {value!r}",
            where,
            "use letters, digits, blanks and %+,./:=@_~- only",
        )


def default(name: str) -> str:
    """Return the default of a setting."""
    return next(setting.value for setting in TABLE if setting.name == name)


def table(values: dict[str, str]) -> tuple[Setting, ...]:
    """Return TABLE with the given values in place of its defaults."""
    return tuple(replace(s, value=values.get(s.name, s.value)) for s in TABLE)
