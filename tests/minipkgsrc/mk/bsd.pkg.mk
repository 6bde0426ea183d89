# bsd.pkg.mk - included last by every package: its names, its places, its reasons not to be built, and the targets that
# only tell. The phases are in phases.mk, what makes and installs binary packages in package.mk.

.include "bsd.prefs.mk"

# Names.
PKGNAME?=	${DISTNAME}
PKGNAME_NOREV:=	${PKGNAME}
.if !empty(PKGREVISION:U0:N0)
PKGNAME:=	${PKGNAME}nb${PKGREVISION}
.endif
PKGBASE?=	${PKGNAME:C/-[^-]*$//}
PKGVERSION?=	${PKGNAME:C/^.*-//}
PKGPATH?=	${.CURDIR:C|.*/([^/]*/[^/]*)$|\1|}
MAINTAINER?=	pkgsrc-users@NetBSD.org
USERGROUP_PHASE?=
META_PACKAGE?=	no

# Places.
.if defined(WRKOBJDIR)
BUILD_DIR?=	${WRKOBJDIR}/${PKGPATH}
.else
BUILD_DIR?=	${.CURDIR}
.endif
WRKDIR_BASENAME?=	work
WRKDIR?=	${BUILD_DIR}/${WRKDIR_BASENAME}
WRKLOG?=	${WRKDIR}/.work.log
.if defined(DISTFILES) || defined(MASTER_SITES)
WRKSRC?=	${WRKDIR}/${DISTNAME}
.endif
WRKSRC?=	${WRKDIR}/${PKGNAME_NOREV}
DESTDIR=	${WRKDIR}/.destdir
FILESDIR?=	${.CURDIR}/files
PKGDIR?=	${.CURDIR}
DISTINFO_FILE?=	${.CURDIR}/distinfo
DESCR_SRC?=	${PKGDIR}/DESCR
PLIST_SRC?=	${PKGDIR}/PLIST
PKGFILE?=	${PKGREPOSITORY}/${PKGNAME}${PKG_SUFX}
STAGE_PKGFILE?=	${WRKDIR}/.packages/${PKGNAME}${PKG_SUFX}

# Distfiles. DIST_SUBDIR is a directory below DISTDIR.
EXTRACT_SUFX?=	.tar.gz
.if defined(MASTER_SITES)
DISTFILES?=	${DISTNAME}${EXTRACT_SUFX}
.endif
DISTFILES?=
_DISTDIR=	${DISTDIR}${DIST_SUBDIR:D/${DIST_SUBDIR}}

# user-destdir: staged by whoever builds; destdir: staged by root.
PKG_DESTDIR_SUPPORT?=	user-destdir
USE_DESTDIR?=	yes
.if ${USE_DESTDIR:tl} == "yes" || ${PKG_DESTDIR_SUPPORT} == "destdir"
_USE_DESTDIR=	${PKG_DESTDIR_SUPPORT}
.else
_USE_DESTDIR=	${USE_DESTDIR}
.endif

# Tools of the package system.
PKG_ADD?=	${PKG_TOOLS_BIN}/pkg_add -K ${PKG_DBDIR}
PKG_DELETE?=	${PKG_TOOLS_BIN}/pkg_delete -K ${PKG_DBDIR}
PKG_INFO?=	${PKG_TOOLS_BIN}/pkg_info -K ${PKG_DBDIR}
PKG_CREATE?=	${PKG_TOOLS_BIN}/pkg_create -K ${PKG_DBDIR}
DIGEST?=	${LOCALBASE}/bin/digest
.if ${OPSYS} == "Linux"
SHA256_CMD?=	sha256sum
.else
SHA256_CMD?=	openssl dgst -r -sha256
.endif
SCRIPTS=	${PKGSRCDIR}/mk/scripts

# Dependencies, in the order in which pkgsrc lists them. Checksums need a package, bootstrap packages excepted.
.if !empty(DISTFILES) && !defined(BOOTSTRAP_PKG)
BOOTSTRAP_DEPENDS+=	digest>=20260101:../../pkgtools/digest
.endif
BOOTSTRAP_DEPENDS?=
TOOL_DEPENDS?=
BUILD_DEPENDS?=
DEPENDS?=
_ALL_DEPENDS=	${BOOTSTRAP_DEPENDS} ${BUILD_DEPENDS} ${TOOL_DEPENDS} ${DEPENDS}

# Reasons not to build.
.if defined(PKG_PATH)
PKG_FAIL_REASON+=	"PKG_PATH is set in the environment: unset it for work in pkgsrc"
.endif
.if !defined(CATEGORIES)
PKG_FAIL_REASON+=	"CATEGORIES is not set"
.endif
.if defined(BROKEN)
PKG_FAIL_REASON+=	"${PKGNAME} is marked as broken:" ${BROKEN:Q}
.endif
.for _p_ in ${NOT_FOR_PLATFORM}
.  if !empty(MACHINE_PLATFORM:M${_p_})
PKG_SKIP_REASON+=	"${PKGNAME} is not available for ${MACHINE_PLATFORM}"
.  endif
.endfor
.if defined(ONLY_FOR_PLATFORM)
.  for _p_ in ${ONLY_FOR_PLATFORM}
.    if !empty(MACHINE_PLATFORM:M${_p_})
_PLATFORM_OK=	yes
.    endif
.  endfor
.  if !defined(_PLATFORM_OK)
PKG_SKIP_REASON+=	"${PKGNAME} is not available for ${MACHINE_PLATFORM}"
.  endif
.endif
PKG_FAIL_REASON?=
PKG_SKIP_REASON?=

# What every command of the package itself sees.
.if defined(MAKE_JOBS) && ${MAKE_JOBS_SAFE:Uyes:tl} != "no"
_MAKE_JOBS_N=	${MAKE_JOBS}
_MAKE_JOBS=	-j${MAKE_JOBS}
.else
_MAKE_JOBS_N=	1
_MAKE_JOBS=
.endif
ALL_ENV+=	CC=${CC:Q} CFLAGS=${CFLAGS:Q} CXX=${CXX:Q} CXXFLAGS=${CXXFLAGS:Q} CPPFLAGS=${CPPFLAGS:U:Q} \
		LDFLAGS=${LDFLAGS:U:Q} LC_ALL=C PREFIX=${PREFIX} PATH=${PATH:Q}:${LOCALBASE}/bin \
		HOME=${WRKDIR}/.home MAKELEVEL=0 MAKEFLAGS= MFLAGS=
CONFIGURE_ENV+=	${ALL_ENV}
CONFIGURE_ARGS+=	--prefix=${PREFIX}
MAKE_ENV+=	${ALL_ENV}
INSTALL_PROGRAM?=	install -c -m 755
INSTALL_SCRIPT?=	install -c -m 755
INSTALL_DATA?=		install -c -m 644

.PHONY: show-var show-vars show-depends
show-var:
	@printf '%s\n' ""${${VARNAME}:Q}
show-vars:
	@printf '%s\n' ${VARNAMES:@_v_@""${${_v_}:Q}@}
show-depends:
	@printf '%s\n' ${_ALL_DEPENDS:@_d_@${_d_:Q}@}

.include "phases.mk"
.include "package.mk"
.include "pbulk/pbulk-index.mk"
