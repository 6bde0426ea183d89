"""A tree of a few packages whose pbulk-index is written as pkgsrc's is, for the tests of scans.

It has what makes real scans slow and sharing dangerous: options of other packages asked by nested
makes, versions to choose from, probes of the base system, a record that hangs on patches.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

BMAKE = shutil.which("bmake") or "bmake"

INDEX = r"""
_PBULK_MULTI?=	python ruby
_PBULK_MULTI_LIST.python=	PYTHONS
_PBULK_MULTI_VAR.python=	PYTHON_VERSION_REQD
_PBULK_MULTI_DEFAULT.python=	PYTHON_DEFAULT
_PBULK_MULTI_LIST.ruby=	RUBIES
_PBULK_MULTI_VAR.ruby=	RUBY_VERSION_REQD
_PBULK_MULTI_DEFAULT.ruby=	RUBY_DEFAULT
.PHONY: pbulk-index pbulk-index-item
.for _t in ${_PBULK_MULTI}
.  if defined(${_PBULK_MULTI_LIST.${_t}}) && ${${_PBULK_MULTI_LIST.${_t}}:[\#]} != 1
_PBULK_MULTI_NEEDED:=	${_t} ${_PBULK_MULTI_NEEDED}
_PBULK_SORTED_LIST.${_t}:= ${${_PBULK_MULTI_LIST.${_t}}:M${${_PBULK_MULTI_DEFAULT.${_t}}}} \
	${${_PBULK_MULTI_LIST.${_t}}:N${${_PBULK_MULTI_DEFAULT.${_t}}}}
.  endif
.endfor
.if !defined(_PBULK_MULTI_NEEDED)
pbulk-index: pbulk-index-item
.else
pbulk-index:
	@set -e; ${_PBULK_MULTI_NEEDED:@._t.@\
		for ${._t.} in ${_PBULK_SORTED_LIST.${._t.}}; do \
			_PBULK_MULTI_VALUE_${._t.}=$$${._t.}; \
			export _PBULK_MULTI_VALUE_${._t.}; \
			${_PBULK_MULTI_VAR.${._t.}}=$$${._t.}; \
			export ${_PBULK_MULTI_VAR.${._t.}};@} \
	${MAKE} pbulk-index-item \
		${_PBULK_MULTI_NEEDED:@._t.@;done@}
.endif

pbulk-index-item:
	@echo "PKGNAME="${PKGNAME:Q}
	@echo "ALL_DEPENDS="${_ALL_DEPENDS:Q}
	@echo "PKG_SKIP_REASON="${PKG_SKIP_REASON:Q}
	@echo "BOOTSTRAP_PKG="${BOOTSTRAP_PKG}
	@echo "SCAN_DEPENDS="${.MAKE.MAKEFILES:Q}
.if !empty(MAKE_JOBS_SAFE:M[nN][oO])
	@echo "MAKE_JOBS_SAFE="${MAKE_JOBS_SAFE:Q}
.endif
.if defined(_PBULK_MULTI_NEEDED)
	@printf "MULTI_VERSION="
.for _t in ${_PBULK_MULTI_NEEDED}
	@printf " %s=%s" ${_PBULK_MULTI_VAR.${_t}:Q} ${_PBULK_MULTI_VALUE_${_t}:Q}
.endfor
	@printf "\n"
.endif

"""
_OLD_ITEM = INDEX[INDEX.index("pbulk-index-item:\n") :]
_NEW_ITEM = r"""pbulk-index-item:
	${RUN} { \
		echo "PKGNAME="${PKGNAME:Q}; \
		echo "ALL_DEPENDS="${_ALL_DEPENDS:Q}; \
		echo "PKG_SKIP_REASON="${PKG_SKIP_REASON:Q}; \
		echo "BOOTSTRAP_PKG="${BOOTSTRAP_PKG}; \
		echo "SCAN_DEPENDS="${.MAKE.MAKEFILES:O:u:Q}; \
		[ -z ${MAKE_JOBS_SAFE:M[nN][oO]:Q} ] || echo "MAKE_JOBS_SAFE="${MAKE_JOBS_SAFE:Q}; \
		[ -z ${PBULK_WEIGHT:Q} ] || echo "PBULK_WEIGHT="${PBULK_WEIGHT:Q}; \
	}
.if defined(_PBULK_MULTI_NEEDED)
	${RUN} printf "MULTI_VERSION="; \
	${_PBULK_MULTI_NEEDED:@_t@ \
		printf " %s=%s" ${_PBULK_MULTI_VAR.${_t}:Q} ${_PBULK_MULTI_VALUE_${_t}:Q};@} \
	printf "\n"
.endif

"""
INDEX_2026 = INDEX.replace(_OLD_ITEM, _NEW_ITEM)
"""The recipe as it is since March 2026: one shell prints the whole record."""

OPTIONS = """
.include "bsd.prefs.mk"
.for b in ${pkgbase}
.  if !defined(PKG_BUILD_OPTIONS.${b})
PKG_BUILD_OPTIONS.${b}!= echo ""; ${PKG_INFO} -Q PKG_OPTIONS ${b} 2>/dev/null || \\
	{ cd ${BUILDLINK_PKGSRCDIR.${b}} && ${MAKE} ${MAKEFLAGS} show-var VARNAME=PKG_OPTIONS; }
.  endif
MAKEVARS+=	PKG_BUILD_OPTIONS.${b}
.endfor
"""
PREFS = """
.if !defined(PREFS_MK)
PREFS_MK:=
.if defined(MAKECONF)
.include "${MAKECONF}"
.endif
RUN?=	@set -e;
.if !defined(_MAKE)
_MAKE:=	${MAKE}
.endif
MAKE:=	${_MAKE}
.if !defined(OPSYS)
OPSYS!=	uname -s
.endif
ASKED?=	/dev/null
PKG_INFO?=	false
.if !empty(USE_FEATURES:Mz)
.  if !defined(H_Z)
.    include "find-z.mk"
.  endif
.endif
.endif
"""
PKG = """
.include "bsd.prefs.mk"
COMPILER_LIB_DIRS?=	/lib /usr/lib
.if !defined(BUILTIN_LIB_FOUND.c)
BUILTIN_LIB_FOUND.c!=	case "${COMPILER_LIB_DIRS}" in /nowhere) echo no;; *) echo yes;; esac
.endif
MAKEVARS+=	BUILTIN_LIB_FOUND.c
.if exists(${.CURDIR}/patches/patch-aa)
DEPENDS+=	patch>=1:../../x/patch
.endif
_ALL_DEPENDS=	${DEPENDS}
.if make(pbulk-index) || make(pbulk-index-item)
.include "pbulk/pbulk-index.mk"
.endif
show-var:
	@echo ${.CURDIR:T} >>${ASKED}; echo ${${VARNAME}:Q}
show-vars:
.for v in ${VARNAMES}
	@echo ${${v}:Q}
.endfor
"""
PACKAGES = {
    "a": "PKGNAME=a-1\nPKG_OPTIONS=x11 ${OPSYS:tl}",
    "b": 'PKGNAME=b-1\n.include "../../x/a/buildlink3.mk"\n'
    "PKG_OPTIONS=${PKG_BUILD_OPTIONS.a:Mx11:S/x/y/} b",
    "c": 'PKGNAME=c-1\n.include "../../x/b/buildlink3.mk"\n'
    "DEPENDS=b>=1:../../x/b x>=${PKG_BUILD_OPTIONS.b:My11}:../../x/a",
    "hangs-on-python": "PKGNAME=hp-1\nPKG_OPTIONS=p${PYTHON_VERSION_REQD}",
    "multi": "PYTHON_DEFAULT=3\nPYTHONS=2 3 4\nRUBIES=8 9\nRUBY_DEFAULT=9\n"
    "PKGNAME=py${PYTHON_VERSION_REQD}-rb${RUBY_VERSION_REQD}-m-1\n"
    'MAKE_JOBS_SAFE=no\n.include "../../x/b/buildlink3.mk"\n'
    '.include "../../x/hangs-on-python/buildlink3.mk"\n'
    "DEPENDS=opt-${PKG_BUILD_OPTIONS.hangs-on-python:[*]:tW:C/ //g}:../../x/a",
    "nested": "PKGNAME=nested-1\nSECRET!=cd ../a && ${MAKE} show-var VARNAME=PKGNAME 2>/dev/null\n"
    "DEPENDS=${SECRET}:../../x/a",
    "heavy": "PKGNAME=heavy-1\nPBULK_WEIGHT=900",
    "blank": "PKGNAME=blank-1\nPBULK_WEIGHT=${:U } \nMAKE_JOBS_SAFE=yes",
    "echoed": "PKGNAME=echoed-1\nPKG_SKIP_REASON=C:\\\\new\\\\table \\\\0101 \\\\\\\\ end\\\\",
    "odd": "PKGNAME=odd-1\nPKG_SKIP_REASON=a\\b \"c\" 'd' $$e `f`  g",
    "other-system": "PKGNAME=os-1\nCOMPILER_LIB_DIRS=/nowhere\nDEPENDS=lib-${BUILTIN_LIB_FOUND.c}",
    "patched": "PKGNAME=patched-1",
    "said": "PKGNAME=said-1\nX!=echo warning >&2; echo well\n",
    "featured1": "USE_FEATURES=z\nPKGNAME=featured1-1",
    "featured2": "USE_FEATURES=z\nPKGNAME=featured2-1\nDEPENDS=${H_Z}",
    "twice": "PKGNAME=twice-1\nDEPENDS=${OPSYS}",
}


@dataclass(frozen=True)
class PbulkTree:
    """The tree at `root`; `asked` is where its nested makes leave a line each."""

    root: Path
    asked: Path

    def add(self, name: str, text: str) -> None:
        """Write a package directory x/NAME."""
        place = self.root / "x" / name
        place.mkdir(parents=True, exist_ok=True)
        (place / "Makefile").write_text(f'{text}\n.include "../../mk/bsd.pkg.mk"\n')
        names = sorted(path.parent.name for path in self.root.glob("x/*/Makefile"))
        lists = "".join(f"SUBDIR+={one}\n" for one in names)
        show = "show-subdir-var:\n\t@echo ${${VARNAME}}\n"
        (self.root / "x" / "Makefile").write_text(lists + show)

    def nested(self) -> int:
        """How many nested makes there were since the last time."""
        lines = self.asked.read_text().splitlines() if self.asked.exists() else []
        self.asked.unlink(missing_ok=True)
        return len(lines)

    def plain(self, name: str) -> bytes:
        """Return what `bmake pbulk-index` prints."""
        env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "MAKECONF": str(self.root / "mk.conf")}
        place = self.root / "x" / name
        argv = [BMAKE, "pbulk-index"]
        return subprocess.run(argv, cwd=place, env=env, check=True, capture_output=True).stdout


def make(root: Path, index: str = INDEX) -> PbulkTree:
    """Write the tree, with one of the two recipes."""
    tree = PbulkTree(root, root / "asked")
    (root / "mk" / "pbulk").mkdir(parents=True)
    (root / "mk" / "pbulk" / "pbulk-index.mk").write_text(index)
    (root / "mk" / "pkg-build-options.mk").write_text(OPTIONS)
    find = "BUILTIN_FIND_HEADERS.H_Z=z.h\nMAKEVARS+=H_Z\nH_Z!=echo /usr/include/z.h\n"
    (root / "mk" / "find-z.mk").write_text(find)
    (root / "mk" / "bsd.prefs.mk").write_text(PREFS)
    (root / "mk" / "bsd.pkg.mk").write_text(PKG)
    conf = (
        f"ASKED={tree.asked}\nPACKAGES={root}/packages\nDISTDIR={root}/distfiles\nPKG_SUFX=.tgz\n"
    )
    (root / "mk.conf").write_text(f"{conf}LOCALBASE=/usr/pkg\nPKG_DBDIR={root}/db\n")
    (root / "Makefile").write_text("SUBDIR=x\nshow-subdir-var:\n\t@echo ${${VARNAME}}\n")
    for name, text in PACKAGES.items():
        tree.add(name, text)
    for name in ("a", "b", "hangs-on-python"):
        link = f"BUILDLINK_PKGSRCDIR.{name}?=../../x/{name}\npkgbase:={name}\n"
        text = link + '.include "../../mk/pkg-build-options.mk"\n'
        (root / "x" / name / "buildlink3.mk").write_text(text)
    (root / "x" / "patched" / "patches").mkdir()
    (root / "x" / "patched" / "patches" / "patch-aa").write_text("")
    pkg_install = root / "pkgtools" / "pkg_install"
    pkg_install.mkdir(parents=True)
    (pkg_install / "Makefile").write_text('PKGNAME=pkg_install-1\n.include "../../mk/bsd.pkg.mk"\n')
    tree.nested()
    return tree
