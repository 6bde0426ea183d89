# bulk.mk - a bulk build of pkgsrc as one Makefile, made by pkgmkgen. GNU make and bmake both run it.
#: make -f bulk.mk -j 6          build every package, or continue where the last run stopped
#: make -f bulk.mk -n            show what would be built
#: make -f bulk.mk NAME          build one: NAME is a PKGNAME, a PKGPATH or a pkgbase
#: make -f bulk.mk retry         build all, also packages that failed before
#: make -f bulk.mk -j 6 fetch    fetch all distfiles, build nothing
#: make -f bulk.mk repository    update pkg_summary and checksums in PACKAGES/All
#: make -f bulk.mk publish PUBLISH=[HOST:]DIR   copy the packages that may be published, all at once
#: make -f bulk.mk list          all packages: PKGNAME, PKGPATH, and its state: built, to be built, failed, broken, out of date, skipped
#: make -f bulk.mk why [PKG=NAME]   what make would build, and why
#: make -f bulk.mk -j 6 impact [CHANGES='FILE|REV..REV ...']   build what a change of the tree touches
#: make -f bulk.mk regenerate    make bulk.mk again from the tree as it is now, with the same settings
#: make -f bulk.mk shell PKG=NAME [AT=PHASE] [ROOT=yes] [COMMAND=...]    look into its sandbox
#: make -f bulk.mk help          this text and the settings below
#: make -f bulk.mk -j 6 NAME=VALUE ... all    with other settings
# 7 packages to build, 5 that cannot be built.

# Settings. They come from here or from make's command line; the environment is ignored, with one warning.
IGNORED != [ -n "$${BULK_RUN:-}" ] || for s in PKGSRCDIR PACKAGES DISTDIR BULKLOG SANDBOXDIR PKG_SUFX PREFIX PKG_DBDIR BMAKE MAKECONF BOOTSTRAP_KIT BASE BUILD_USER SCRATCH SCRATCH_SIZE ROOT_SIZE LAYERS TIMEOUT TIMEOUT_SILENT MEMORY_MAX PROCESSES_MAX LOG_MAX PACKAGE_SETTINGS KEEP DISK_MIN MAKE_JOBS JOB_POOL JOBS DISTCC_HOSTS CCACHE_DIR FETCH_LOCAL CASCADE INFRASTRUCTURE PACKAGES_FROM RETRY HOOK STATUS_PAGE PKGMKGEN SIGN PUBLISH REQUIRED OLD GATES SCRIPTS BUILD_PACKAGE LAUNCH HOSTS HOST_RETRY SSH SLURM_OPTIONS VM_IMAGE VM_KERNEL VM_MEMORY VM_CPUS VM_DISK VM_BOOT VM_ACCEL; do eval "[ -z \"\$${$$s+set}\" ] || echo $$s"; done
#: PKGSRCDIR: the pkgsrc tree; builds see it read-only
PKGSRCDIR = /usr/pkgsrc
#: PACKAGES: where binary packages are kept, in All/
PACKAGES = $(PKGSRCDIR)/packages
#: DISTDIR: where distfiles are kept
DISTDIR = $(PKGSRCDIR)/distfiles
#: BULKLOG: logs and results, one directory per package
BULKLOG = /var/log/bulk
#: SANDBOXDIR: sandboxes and their unpacked layers
SANDBOXDIR = /var/tmp/bulk-sandboxes
#: PKG_SUFX: suffix of binary packages
PKG_SUFX = .tgz
#: PREFIX: where packages are installed (LOCALBASE)
PREFIX = /usr/pkg
#: PKG_DBDIR: the database of installed packages
PKG_DBDIR = $(PREFIX)/pkgdb
#: BMAKE: pkgsrc's make, as named inside the sandbox
BMAKE = $(PREFIX)/bin/bmake
#: MAKECONF: an mk.conf to use in place of the kit's own PREFIX/etc/mk.conf
MAKECONF = 
#: BOOTSTRAP_KIT: bootstrap kit, an archive or directory laid over the base; none on NetBSD
BOOTSTRAP_KIT = 
#: BASE: base system: host, or a directory or an archive with another one
BASE = host
#: BUILD_USER: the user who builds; created inside the sandbox if the base does not have it
BUILD_USER = pbulk
#: SCRATCH: where packages are built (WRKOBJDIR): tmpfs, or disk for SANDBOXDIR
SCRATCH = tmpfs
#: SCRATCH_SIZE: largest size of the tmpfs of one build: k, m, g or % of memory
SCRATCH_SIZE = 50%
#: ROOT_SIZE: most that a build may write outside its work directory (kept in memory)
ROOT_SIZE = 25%
#: LAYERS: MB of SANDBOXDIR, during a run, for layers of installed dependencies that packages share (Linux, as root, LAUNCH=local; only if bulk.mk was made with --set LAYERS=MB); 0: every build installs all of its own
LAYERS = 0
#: TIMEOUT: seconds that one build may take
TIMEOUT = 86400
#: TIMEOUT_SILENT: seconds that one build may run without writing to its logs
TIMEOUT_SILENT = 7200
#: MEMORY_MAX: memory that one build may use, its tmpfs included: k, m, g or % of memory
MEMORY_MAX = 80%
#: PROCESSES_MAX: processes that one build may have at a time
PROCESSES_MAX = 4096
#: LOG_MAX: MB of logs that one build may write
LOG_MAX = 500
#: PACKAGE_SETTINGS: file of lines `PATTERN NAME=VALUE...`: other limits for some PKGNAMEs
PACKAGE_SETTINGS = 
#: KEEP: yes: keep the work directory of a failed build as work.tar.gz among its logs
KEEP = 
#: DISK_MIN: MB that must be free on every disk in use; with less the run is halted
DISK_MIN = 500
#: MAKE_JOBS: parallel jobs inside one build; empty: what DISTCC_HOSTS can take, else mk.conf's, else the pool of jobs (JOB_POOL), else processors divided by -j
MAKE_JOBS = 
#: JOB_POOL: yes: the N of make -j N is the number of jobs at work in all packages together; no: it is the number of packages only (pkgmkgen help jobs)
JOB_POOL = yes
#: JOBS: packages built at a time, if fewer than -j N; JOB_POOL=yes gives them all N jobs
JOBS = 
#: DISTCC_HOSTS: hosts that compile for all packages, as distcc(1) reads them: HOST[:PORT][/LIMIT] ...
DISTCC_HOSTS = 
#: CCACHE_DIR: a ccache directory for all builds; not isolated: every build can write what others read
CCACHE_DIR = 
#: FETCH_LOCAL: yes: fetching may reach loopback and link-local addresses of this machine (a proxy)
FETCH_LOCAL = 
#: CASCADE: a dependency was built again: build again all that need it directly, only those that need shared libraries that it no longer has (libraries), or no
CASCADE = all
#: INFRASTRUCTURE: if files below mk/ have changed: ignore, warn, or rebuild all packages
INFRASTRUCTURE = warn
#: PACKAGES_FROM: a repository, a directory or a URL: a package that is there as it would be built here is taken, not built (pkgmkgen help rebuild)
PACKAGES_FROM = 
#: RETRY: yes: build failed packages again, even if no input has changed
RETRY = 
#: HOOK: a command run at start and end of a run and after each package (HOOK_* variables)
HOOK = 
#: STATUS_PAGE: a file in which a run keeps a live HTML page of itself, written by PKGMKGEN
STATUS_PAGE = 
#: PKGMKGEN: the command that writes STATUS_PAGE
PKGMKGEN = pkgmkgen
#: SIGN: a command that signs the file given to it, called for checksums and pkg_summary
SIGN = 
#: PUBLISH: where `publish` puts the repository: a directory, or HOST:DIRECTORY
PUBLISH = 
#: REQUIRED: packages that `publish` requires: all that have not failed, or a file of patterns
REQUIRED = all
#: OLD: what to do with binary packages that bulk.mk does not name: keep, list or remove
OLD = keep
#: GATES: no: start packages in the order in which make finds them (pkgmkgen help schedule)
GATES = yes
#: SCRIPTS: the sandbox scripts
SCRIPTS = /usr/share/pkgmkgen
#: BUILD_PACKAGE: what a recipe runs; its first argument is the PKGNAME
BUILD_PACKAGE = $(SCRIPTS)/build.sh
#: LAUNCH: where packages are built: local (this machine), ssh (see HOSTS), slurm or vm
LAUNCH = local
#: HOSTS: for LAUNCH=ssh: file of lines `HOST JOBS [SPEED] [NAME=VALUE...]`
HOSTS = 
#: HOST_RETRY: seconds until a host that failed is tried again
HOST_RETRY = 60
#: SSH: for LAUNCH=ssh: the ssh command, with options such as -F /path/ssh_config
SSH = ssh
#: SLURM_OPTIONS: for LAUNCH=slurm: options for srun, such as --partition=NAME
SLURM_OPTIONS = 
#: VM_IMAGE: for LAUNCH=vm: host (this system's directories), a directory or a disk image
VM_IMAGE = host
#: VM_KERNEL: for LAUNCH=vm: a Linux kernel .../vmlinuz-VERSION; empty: the newest in /boot
VM_KERNEL = 
#: VM_MEMORY: for LAUNCH=vm: memory of a machine
VM_MEMORY = 2g
#: VM_CPUS: for LAUNCH=vm: its processors; empty: MAKE_JOBS, or 1
VM_CPUS = 
#: VM_DISK: for LAUNCH=vm: size of its scratch disk
VM_DISK = 20g
#: VM_BOOT: for LAUNCH=vm: seconds in which a machine must start
VM_BOOT = 120
#: VM_ACCEL: for LAUNCH=vm: kvm, tcg (emulation) or auto (kvm where a machine starts under it)
VM_ACCEL = auto

# The words with which pkgmkgen made this file, %XX for other characters: `regenerate` uses them again.
#made

export BULK_PKGSRCDIR=$(PKGSRCDIR)
export BULK_PACKAGES=$(PACKAGES)
export BULK_DISTDIR=$(DISTDIR)
export BULK_LOG=$(BULKLOG)
export BULK_SANDBOXDIR=$(SANDBOXDIR)
export BULK_PKG_SUFX=$(PKG_SUFX)
export BULK_PREFIX=$(PREFIX)
export BULK_PKG_DBDIR=$(PKG_DBDIR)
export BULK_BMAKE=$(BMAKE)
export BULK_MAKECONF=$(MAKECONF)
export BULK_KIT=$(BOOTSTRAP_KIT)
export BULK_BASE=$(BASE)
export BULK_BUILD_USER=$(BUILD_USER)
export BULK_SCRATCH=$(SCRATCH)
export BULK_SCRATCH_SIZE=$(SCRATCH_SIZE)
export BULK_ROOT_SIZE=$(ROOT_SIZE)
export BULK_LAYERS=$(LAYERS)
export BULK_TIMEOUT=$(TIMEOUT)
export BULK_TIMEOUT_SILENT=$(TIMEOUT_SILENT)
export BULK_MEMORY_MAX=$(MEMORY_MAX)
export BULK_PROCESSES_MAX=$(PROCESSES_MAX)
export BULK_LOG_MAX=$(LOG_MAX)
export BULK_PACKAGE_SETTINGS=$(PACKAGE_SETTINGS)
export BULK_KEEP=$(KEEP)
export BULK_DISK_MIN=$(DISK_MIN)
export BULK_MAKE_JOBS=$(MAKE_JOBS)
export BULK_JOB_POOL=$(JOB_POOL)
export BULK_JOBS=$(JOBS)
export BULK_DISTCC_HOSTS=$(DISTCC_HOSTS)
export BULK_CCACHE_DIR=$(CCACHE_DIR)
export BULK_FETCH_LOCAL=$(FETCH_LOCAL)
export BULK_CASCADE=$(CASCADE)
export BULK_INFRASTRUCTURE=$(INFRASTRUCTURE)
export BULK_PACKAGES_FROM=$(PACKAGES_FROM)
export BULK_RETRY=$(RETRY)
export BULK_HOOK=$(HOOK)
export BULK_STATUS_PAGE=$(STATUS_PAGE)
export BULK_PKGMKGEN=$(PKGMKGEN)
export BULK_SIGN=$(SIGN)
export BULK_PUBLISH=$(PUBLISH)
export BULK_REQUIRED=$(REQUIRED)
export BULK_OLD=$(OLD)
export BULK_SCRIPTS=$(SCRIPTS)
export BULK_LAUNCH=$(LAUNCH)
export BULK_HOSTS=$(HOSTS)
export BULK_HOST_RETRY=$(HOST_RETRY)
export BULK_SSH=$(SSH)
export BULK_SLURM_OPTIONS=$(SLURM_OPTIONS)
export BULK_VM_IMAGE=$(VM_IMAGE)
export BULK_VM_KERNEL=$(VM_KERNEL)
export BULK_VM_MEMORY=$(VM_MEMORY)
export BULK_VM_CPUS=$(VM_CPUS)
export BULK_VM_DISK=$(VM_DISK)
export BULK_VM_BOOT=$(VM_BOOT)
export BULK_VM_ACCEL=$(VM_ACCEL)
# Facts for scripts: names and defaults of the settings; which of them go to other hosts, may differ there, may differ for
# a package, and are inputs of a build; the phases of a build.
export BULK_SETTINGS=PKGSRCDIR PACKAGES DISTDIR LOG SANDBOXDIR PKG_SUFX PREFIX PKG_DBDIR BMAKE MAKECONF= KIT= BASE BUILD_USER SCRATCH SCRATCH_SIZE=50% ROOT_SIZE=25% LAYERS=0 TIMEOUT=86400 TIMEOUT_SILENT=7200 MEMORY_MAX=80% PROCESSES_MAX=4096 LOG_MAX=500 PACKAGE_SETTINGS= KEEP= DISK_MIN=500 MAKE_JOBS= JOB_POOL=yes JOBS= DISTCC_HOSTS= CCACHE_DIR= FETCH_LOCAL= CASCADE=all INFRASTRUCTURE=warn PACKAGES_FROM= RETRY= HOOK= STATUS_PAGE= PKGMKGEN=pkgmkgen SIGN= PUBLISH= REQUIRED=all OLD=keep SCRIPTS= LAUNCH=local HOSTS= HOST_RETRY=60 SSH=ssh SLURM_OPTIONS= VM_IMAGE=host VM_KERNEL= VM_MEMORY=2g VM_CPUS= VM_DISK=20g VM_BOOT=120 VM_ACCEL=auto
export BULK_TRAVELS=PKGSRCDIR PACKAGES DISTDIR SANDBOXDIR PKG_SUFX PREFIX PKG_DBDIR BMAKE MAKECONF KIT BASE BUILD_USER SCRATCH SCRATCH_SIZE ROOT_SIZE TIMEOUT TIMEOUT_SILENT MEMORY_MAX PROCESSES_MAX LOG_MAX KEEP DISK_MIN MAKE_JOBS DISTCC_HOSTS CCACHE_DIR FETCH_LOCAL
export BULK_PER_HOST=PKGSRCDIR PACKAGES DISTDIR SANDBOXDIR BOOTSTRAP_KIT BASE BUILD_USER SCRATCH SCRATCH_SIZE ROOT_SIZE MEMORY_MAX PROCESSES_MAX DISK_MIN MAKE_JOBS FETCH_LOCAL
export BULK_PER_PACKAGE=SCRATCH SCRATCH_SIZE TIMEOUT TIMEOUT_SILENT MEMORY_MAX PROCESSES_MAX LOG_MAX MAKE_JOBS DISTCC_HOSTS CCACHE_DIR FETCH_LOCAL CASCADE PACKAGES_FROM VM_MEMORY VM_CPUS VM_DISK
export BULK_INPUTS=PREFIX BMAKE BUILD_USER SCRATCH SCRATCH_SIZE MAKE_JOBS FETCH_LOCAL
export BULK_PHASES=pre-clean depends checksum configure build install package deinstall clean
# Digest of the files below mk/, if it is known.
export BULK_TREE_MK=

# Continue after failures, without built-in suffix rules. Each make reads one of these lines; bmake needs -j for -k.
JOBS_FLAG != case " $(MAKEFLAGS) $(.MAKEFLAGS) " in *" -j"* | *" -n "*) echo ;; *) echo -j1 ;; esac
# With -t make would create empty packages: it is treated as -n.
FLAGS := $(filter-out --%,$(firstword -$(MAKEFLAGS)))
TOUCH != case "$(firstword -$(MAKEFLAGS))" in --*) ;; -*t*) printf '%s\n' -n ;; esac; case " $(.MAKEFLAGS) " in *" -t "*) printf '%s\n' -n ;; esac
MAKEFLAGS += -k -r --no-print-directory $(TOUCH)
.MAKEFLAGS: -k -r $(JOBS_FLAG) $(TOUCH)
BULK_MK = $(firstword $(MAKEFILE_LIST))$(MAKEFILE)
export BULK_MAKEFILE=$(BULK_MK)

# Used by all lines below. All prerequisites are $^ in GNU make and .ALLSRC in bmake.
ALL = $(PACKAGES)/All
SUFX = $(PKG_SUFX)
# With -n make prints `would build` in place of the command, in GNU make by FLAGS, in bmake by DRY.
DRY := $(.MAKEFLAGS:M-n)
BUILD = $(if $(findstring n,$(FLAGS)),would build,exec sh $(BUILD_PACKAGE))${empty(DRY):?exec sh $(BUILD_PACKAGE):would build}
NEEDS = $(filter-out _%,$^)$(.ALLSRC:N_*)

# For bmake: no names of targets before their output. GNU make reports itself that a NAME is up to date; in bmake .END does.
.SILENT: $(firstword help)
GOALS = $(.TARGETS:Nall:Npackages:Nretry:Nfetch:Nrepository:Npublish:Nshell:Nlist:Nhelp:Nwhy:Nregenerate:Nimpact)
.END:
	@${GOALS:@name@printf '%s is up to date\n' '${name}';@}

.PHONY: all packages retry fetch repository publish shell list help why regenerate impact
all:
	+@BULK_IGNORED='$(IGNORED)' exec sh $(SCRIPTS)/run.sh build $(MAKE) -f $(BULK_MK) packages;
retry:
	+@exec sh $(SCRIPTS)/run.sh build $(MAKE) -f $(BULK_MK) RETRY=yes packages;
fetch:
	+@exec sh $(SCRIPTS)/run.sh fetch $(MAKE);
# AT is the phase after which the shell starts.
AT ?= depends
shell:
	@BULK_SHELL_PKG='$(PKG)' BULK_SHELL_AT='$(AT)' BULK_SHELL_ROOT='$(ROOT)' COMMAND='$(COMMAND)' exec sh $(SCRIPTS)/shell.sh;
repository:
	@exec sh $(SCRIPTS)/repository.sh;
publish:
	@exec sh $(SCRIPTS)/publish.sh;
list:
	+@$(MAKE) -n -f $(BULK_MK) packages | sh $(SCRIPTS)/list.sh
why:
	+@pkg='$(PKG)'; sh $(SCRIPTS)/why.sh before && $(MAKE) -n -f $(BULK_MK) $${pkg:-packages} | sh $(SCRIPTS)/why.sh
impact:
	+@BULK_CHANGES='$(CHANGES)' exec sh $(SCRIPTS)/impact.sh $(MAKE) -f $(BULK_MK);
regenerate:
	@command -v $(firstword $(PKGMKGEN))$(PKGMKGEN:[1]) >/dev/null || { printf 'pkgmkgen: command not found: %s\n  fix: install pkgmkgen, or name it: make -f %s PKGMKGEN=/path/pkgmkgen regenerate\n' '$(PKGMKGEN)' '$(BULK_MK)' >&2; exit 1; }
	@exec $(PKGMKGEN) --refresh $(BULK_MK)
help:
	@sed -n 's/^#: //p' $(BULK_MK)
# A name that is no target.
.DEFAULT:
	@awk -v unknown='$@' -f $(SCRIPTS)/bulkmk/distance.awk -f $(SCRIPTS)/bulkmk/near.awk -f $(SCRIPTS)/bulkmk/rules.awk $(BULK_MK) >&2

# The packages, most urgent first: those with the longest critical path. A package is built when its file is missing or
# older than the file of a dependency. make must not delete an old package when a build is interrupted.
PACKAGE_FILES = \
	$(ALL)/zlib-1.3$(SUFX) \
	$(ALL)/png-1.6.43$(SUFX) \
	$(ALL)/gtk2+-2.24nb3$(SUFX) \
	$(ALL)/bmake-20240101$(SUFX) \
	$(ALL)/secret-2.0$(SUFX) \
	$(ALL)/py311-foo-1.0$(SUFX) \
	$(ALL)/py312-foo-1.0$(SUFX) \

packages: $(PACKAGE_FILES)
.PRECIOUS: $(PACKAGE_FILES)
# An empty file (after a power failure or a full disk) counts as missing.
EMPTY != find $(PACKAGES)/All -type f -size 0 -name '*$(PKG_SUFX)' ! -name '*[!A-Za-z0-9._+,@~-]*' 2>/dev/null || :
# What was built from other inputs counts as missing, too: `pkgmkgen help rebuild`. make asks only if it has to know.
SEARCH = $(filter-out all retry fetch repository publish shell list help why regenerate impact,$(MAKECMDGOALS))$(.TARGETS:Nall:Nretry:Nfetch:Nrepository:Npublish:Nshell:Nlist:Nhelp:Nwhy:Nregenerate:Nimpact)
OUTDATED != [ -z '$(SEARCH)' ] || BULK_SCRIPTS='$(SCRIPTS)' BULK_PACKAGES='$(PACKAGES)' BULK_PKG_SUFX='$(PKG_SUFX)' BULK_MAKEFILE='$(BULK_MK)' BULK_PREFIX='$(PREFIX)' BULK_PKG_DBDIR='$(PKG_DBDIR)' BULK_BASE='$(BASE)' BULK_KIT='$(BOOTSTRAP_KIT)' BULK_MAKECONF='$(MAKECONF)' BULK_TREE_MK='' BULK_INFRASTRUCTURE='$(INFRASTRUCTURE)' sh $(SCRIPTS)/outdated.sh make || :
.PHONY: packages $(EMPTY) $(OUTDATED)

# Gates. When all slots are busy, make has already chosen its next package, which may be the least urgent one. A gate is a
# target without work. The Nth package waits for the last gate of its series, _N.1 to _N, and each gate for the one before,
# so that make chooses gates instead, at no cost, and takes the most urgent package next. Packages already built have no
# gates, and -n uses none. _N below is the last gate of the Nth package, or nothing: by NO_GATES in GNU make, by GATE_IF in bmake.
NO_GATES := $(findstring n,$(FLAGS))$(findstring q,$(FLAGS))$(findstring t,$(FLAGS))$(GATES:yes=)$(if $(filter packages,$(MAKECMDGOALS)),,off)
GOAL := $(.TARGETS:Mpackages)
OFF := $(.MAKEFLAGS:M-[nqt])$(GATES:yes=)
GATE_IF := ${empty(OFF) && !empty(GOAL):?!exists:defined}

# One block for each package: its times, its gates, its other names, its rule. A line `#job` is for programs: PKGNAME, PKGPATH,
# build time in seconds, source of this time, length of the critical path from its start in seconds, KEY=VALUE... A line `#inputs` has
# the KEY=VALUE words again and digests of what the package is built from: if one changes, it is out of date.

# zlib-1.3: 36 s (table), critical path 0:15:16; gates: 1
#job zlib-1.3 devel/zlib 36.0 table 915.5
#inputs zlib-1.3 NEEDS=e3b0c44298fc1c14
#maintainer zlib-1.3 pkgsrc-users@NetBSD.org
_1 = $(if $(NO_GATES)$(wildcard $(ALL)/zlib-1.3$(SUFX)),,_1)${$(GATE_IF)($(ALL)/zlib-1.3$(SUFX)):?_1:}
_1:
_1:; @$(_1:_1=true)
zlib: zlib-1.3
devel/zlib: zlib-1.3
zlib-1.3: $(ALL)/zlib-1.3$(SUFX)

$(ALL)/zlib-1.3$(SUFX): $(_1)
	@$(BUILD) zlib-1.3 devel/zlib -- $(NEEDS);

# png-1.6.43: 51 s (table), critical path 0:14:40; gates: 1, behind zlib-1.3
#job png-1.6.43 graphics/png 51.0 table 879.5 USE_DESTDIR=destdir
#inputs png-1.6.43 USE_DESTDIR=destdir NEEDS=636c1c2f47a56fba
_2 = $(if $(NO_GATES)$(wildcard $(ALL)/png-1.6.43$(SUFX)),,_2)${$(GATE_IF)($(ALL)/png-1.6.43$(SUFX)):?_2:}
_2: $(ALL)/zlib-1.3$(SUFX) _1
_2:; @$(_2:_2=true)
png: png-1.6.43
graphics/png: png-1.6.43
png-1.6.43: $(ALL)/png-1.6.43$(SUFX)

$(ALL)/png-1.6.43$(SUFX): $(ALL)/zlib-1.3$(SUFX) $(_2)
	@$(BUILD) png-1.6.43 graphics/png USE_DESTDIR=destdir -- $(NEEDS);

# gtk2+-2.24nb3: 0:12:58 (table), critical path 0:13:48; gates: 1, behind png-1.6.43
#job gtk2+-2.24nb3 x11/gtk2 778.0 table 828.5
#inputs gtk2+-2.24nb3 NEEDS=9789499017d39d4f
_3 = $(if $(NO_GATES)$(wildcard $(ALL)/gtk2+-2.24nb3$(SUFX)),,_3)${$(GATE_IF)($(ALL)/gtk2+-2.24nb3$(SUFX)):?_3:}
_3: $(ALL)/png-1.6.43$(SUFX) _2
_3:; @$(_3:_3=true)
gtk2+: gtk2+-2.24nb3
x11/gtk2: gtk2+-2.24nb3
gtk2+-2.24nb3: $(ALL)/gtk2+-2.24nb3$(SUFX)

$(ALL)/gtk2+-2.24nb3$(SUFX): $(ALL)/zlib-1.3$(SUFX) $(ALL)/png-1.6.43$(SUFX) $(_3)
	@$(BUILD) gtk2+-2.24nb3 x11/gtk2 -- $(NEEDS);

# bmake-20240101: 0:01:00 (table), critical path 0:01:00; gates: 13, behind zlib-1.3
#job bmake-20240101 devel/bmake 60.0 table 60.0 BOOTSTRAP_PKG=yes
#inputs bmake-20240101 BOOTSTRAP_PKG=yes NEEDS=e3b0c44298fc1c14
_4 = $(if $(NO_GATES)$(wildcard $(ALL)/bmake-20240101$(SUFX)),,_4)${$(GATE_IF)($(ALL)/bmake-20240101$(SUFX)):?_4:}
_4.1: _1
_4.2: _4.1
_4.3: _4.2
_4.4: _4.3
_4.5: _4.4
_4.6: _4.5
_4.7: _4.6
_4.8: _4.7
_4.9: _4.8
_4.10: _4.9
_4.11: _4.10
_4.12: _4.11
_4: _4.12
_4.1 _4.2 _4.3 _4.4 _4.5 _4.6 _4.7 _4.8 _4.9 _4.10 _4.11 _4.12 _4:; @$(_4:_4=true)
bmake: bmake-20240101
devel/bmake: bmake-20240101
bmake-20240101: $(ALL)/bmake-20240101$(SUFX)

$(ALL)/bmake-20240101$(SUFX): $(_4)
	@$(BUILD) bmake-20240101 devel/bmake BOOTSTRAP_PKG=yes -- $(NEEDS);

# secret-2.0: 50 s (guess), critical path 50 s; gates: 1, behind gtk2+-2.24nb3
#job secret-2.0 games/secret 50.5 guess 50.5 USERGROUP_PHASE=pre-install
#inputs secret-2.0 USERGROUP_PHASE=pre-install NEEDS=fabca9fd7026d84f
#restricted secret-2.0 may not be $(sold)
_5 = $(if $(NO_GATES)$(wildcard $(ALL)/secret-2.0$(SUFX)),,_5)${$(GATE_IF)($(ALL)/secret-2.0$(SUFX)):?_5:}
_5: $(ALL)/gtk2+-2.24nb3$(SUFX) _4
_5:; @$(_5:_5=true)
secret: secret-2.0
games/secret: secret-2.0
secret-2.0: $(ALL)/secret-2.0$(SUFX)

$(ALL)/secret-2.0$(SUFX): $(ALL)/gtk2+-2.24nb3$(SUFX) $(_5)
	@$(BUILD) secret-2.0 games/secret USERGROUP_PHASE=pre-install -- $(NEEDS);

# py311-foo-1.0: 12 s (guess), critical path 12 s; gates: 17, behind bmake-20240101
#job py311-foo-1.0 devel/py-foo 12.4 guess 12.4 MULTI_VERSION=PYTHON_VERSION_REQD=311
#inputs py311-foo-1.0 MULTI_VERSION=PYTHON_VERSION_REQD=311 NEEDS=e3b0c44298fc1c14
_6 = $(if $(NO_GATES)$(wildcard $(ALL)/py311-foo-1.0$(SUFX)),,_6)${$(GATE_IF)($(ALL)/py311-foo-1.0$(SUFX)):?_6:}
_6.1: _4
_6.2: _6.1
_6.3: _6.2
_6.4: _6.3
_6.5: _6.4
_6.6: _6.5
_6.7: _6.6
_6.8: _6.7
_6.9: _6.8
_6.10: _6.9
_6.11: _6.10
_6.12: _6.11
_6.13: _6.12
_6.14: _6.13
_6.15: _6.14
_6.16: _6.15
_6: _6.16
_6.1 _6.2 _6.3 _6.4 _6.5 _6.6 _6.7 _6.8 _6.9 _6.10 _6.11 _6.12 _6.13 _6.14 _6.15 _6.16 _6:; @$(_6:_6=true)
py311-foo: py311-foo-1.0
devel/py-foo: py311-foo-1.0
py311-foo-1.0: $(ALL)/py311-foo-1.0$(SUFX)

$(ALL)/py311-foo-1.0$(SUFX): $(_6)
	@$(BUILD) py311-foo-1.0 devel/py-foo MULTI_VERSION=PYTHON_VERSION_REQD=311 -- $(NEEDS);

# py312-foo-1.0: 12 s (guess), critical path 12 s; gates: 21, behind py311-foo-1.0
#job py312-foo-1.0 devel/py-foo 12.4 guess 12.4 MULTI_VERSION=PYTHON_VERSION_REQD=312
#inputs py312-foo-1.0 MULTI_VERSION=PYTHON_VERSION_REQD=312 NEEDS=e3b0c44298fc1c14
_7 = $(if $(NO_GATES)$(wildcard $(ALL)/py312-foo-1.0$(SUFX)),,_7)${$(GATE_IF)($(ALL)/py312-foo-1.0$(SUFX)):?_7:}
_7.1: _6
_7.2: _7.1
_7.3: _7.2
_7.4: _7.3
_7.5: _7.4
_7.6: _7.5
_7.7: _7.6
_7.8: _7.7
_7.9: _7.8
_7.10: _7.9
_7.11: _7.10
_7.12: _7.11
_7.13: _7.12
_7.14: _7.13
_7.15: _7.14
_7.16: _7.15
_7.17: _7.16
_7.18: _7.17
_7.19: _7.18
_7.20: _7.19
_7: _7.20
_7.1 _7.2 _7.3 _7.4 _7.5 _7.6 _7.7 _7.8 _7.9 _7.10 _7.11 _7.12 _7.13 _7.14 _7.15 _7.16 _7.17 _7.18 _7.19 _7.20 _7:; @$(_7:_7=true)
py312-foo: py312-foo-1.0
devel/py-foo: py312-foo-1.0
py312-foo-1.0: $(ALL)/py312-foo-1.0$(SUFX)

$(ALL)/py312-foo-1.0$(SUFX): $(_7)
	@$(BUILD) py312-foo-1.0 devel/py-foo MULTI_VERSION=PYTHON_VERSION_REQD=312 -- $(NEEDS);

# Packages that are not built; their targets say why.
#skip list-1.0 misc/list unresolved: no package matches: nothing>=1 of misc/nothing
misc/list: list-1.0
list-1.0:
	@printf '%s is not built: %s\n' list-1.0 'unresolved: no package matches: nothing>=1 of misc/nothing' >&2; exit 1
#skip ring-a-1 misc/ring-a unresolved: needs itself: ring-a-1 -> ring-b-1 -> ring-a-1
ring-a: ring-a-1
misc/ring-a: ring-a-1
ring-a-1:
	@printf '%s is not built: %s\n' ring-a-1 'unresolved: needs itself: ring-a-1 -> ring-b-1 -> ring-a-1' >&2; exit 1
#skip ring-b-1 misc/ring-b unresolved: needs itself: ring-a-1 -> ring-b-1 -> ring-a-1
ring-b: ring-b-1
misc/ring-b: ring-b-1
ring-b-1:
	@printf '%s is not built: %s\n' ring-b-1 'unresolved: needs itself: ring-a-1 -> ring-b-1 -> ring-a-1' >&2; exit 1
#skip win-1.0 emulators/win pre-skipped: "win-1.0 isn't for `uname` $(OPSYS)" $$
win: win-1.0
emulators/win: win-1.0
win-1.0:
	@printf '%s is not built: %s\n' win-1.0 'pre-skipped: "win-1.0 isn'"'"'t for `uname` $$(OPSYS)" $$$$' >&2; exit 1
#skip win-game-1.0 emulators/win indirect-pre-skipped: needs win-1.0, which is pre-skipped: "win-1.0 isn't for `uname` $(OPSYS)" $$
win-game: win-game-1.0
emulators/win: win-game-1.0
win-game-1.0:
	@printf '%s is not built: %s\n' win-game-1.0 'indirect-pre-skipped: needs win-1.0, which is pre-skipped: "win-1.0 isn'"'"'t for `uname` $$(OPSYS)" $$$$' >&2; exit 1
