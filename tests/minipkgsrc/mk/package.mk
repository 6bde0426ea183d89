# package.mk - staging below WRKDIR/.destdir, the binary package made from it, its way to PACKAGES and to the live prefix,
# users and groups, and cleaning.

_METADATA_DIR=	${WRKDIR}/.pkgdb
.if ${_USE_DESTDIR} == "user-destdir"
_OWNER_ARGS=	-u root -g root
_ROOT_ONLY=
.else
_OWNER_ARGS=
_ROOT_ONLY=	[ "$$(id -u)" -eq 0 ] || { echo "ERROR: ${PKGNAME} must be staged by root" >&2; exit 1; };
.endif

.PHONY: stage-install _begin-install pre-install do-install post-install _metadata
.if exists(${_COOKIE.install})
stage-install:
.else
stage-install: _sanity build _begin-install pre-install do-install post-install _metadata
	@: >${_COOKIE.install}
_begin-install:
	@echo "===> install: ${PKGNAME} below ${DESTDIR}"; \
	${_ROOT_ONLY} \
	cd ${WRKDIR} && mkdir -p -m 755 .destdir && umask 022 && mkdir -p ${DESTDIR}${PREFIX} ${INSTALLATION_DIRS:@_d_@${DESTDIR}${PREFIX}/${_d_}@}; \
	{ echo "install ${PKGNAME}" >>${WRKLOG}; } 2>/dev/null || :
.endif
.if !target(pre-install)
pre-install:
.endif
.if !target(post-install)
post-install:
.endif
.if !target(do-install)
do-install:
.  if ${META_PACKAGE:tl} != "yes"
	@cd ${WRKSRC} && umask 022 && env ${MAKE_ENV} ${MAKE_PROGRAM} ${MAKE_FLAGS} DESTDIR=${DESTDIR} ${INSTALL_TARGET:Uinstall}
.  endif
.endif

# The patterns without their directories, and what PLIST and the scripts replace.
_RUN_PATTERNS=		${DEPENDS:C/:[^:]*$//}
_BUILD_PATTERNS=	${BOOTSTRAP_DEPENDS:C/:[^:]*$//} ${BUILD_DEPENDS:C/:[^:]*$//} ${TOOL_DEPENDS:C/:[^:]*$//}
PLIST_SUBST+=		PREFIX=${PREFIX} PKGNAME=${PKGNAME_NOREV} PKGBASE=${PKGBASE} PKGVERSION=${PKGVERSION} OPSYS=${OPSYS}
_METADATA_VARS=		PREFIX PKGNAME PKGPATH CATEGORIES MAINTAINER LICENSE HOMEPAGE COMMENT OPSYS OS_VERSION MACHINE_ARCH \
			PKG_DBDIR PKGSRCDIR DESTDIR WRKDIR PLIST_SRC DESCR_SRC DISTINFO_FILE FILESDIR PKGDIR META_PACKAGE \
			NO_BIN_ON_FTP RESTRICTED MULTI PKG_OPTIONS PKG_INFO SHA256_CMD SPECIAL_PERMS _USE_DESTDIR
_metadata:
	@env ${_METADATA_VARS:@_v_@M_${_v_}=${${_v_}:U:Q}@} M_GROUPS=${_PKG_GROUPS:Q} M_USERS=${_PKG_USERS:Q} \
		M_DEPENDS=${_RUN_PATTERNS:Q} M_SUBST=${PLIST_SUBST:Q} \
		sh ${SCRIPTS}/metadata.sh ${_METADATA_DIR}

.PHONY: stage-package-create package package-create package-remove package-clean package-links install reinstall deinstall
.if exists(${STAGE_PKGFILE})
stage-package-create: stage-install
.else
stage-package-create: stage-install
	@echo "===> package: ${STAGE_PKGFILE}"; umask 022; mkdir -p ${STAGE_PKGFILE:H} && cd ${_METADATA_DIR} && \
	tmp=${STAGE_PKGFILE:S/${PKG_SUFX}$//}.tmp${PKG_SUFX} && set -- && \
	for f in B+BUILD_INFO b+BUILD_VERSION i+INSTALL k+DEINSTALL s+SIZE_PKG S+SIZE_ALL; do \
		[ ! -f "$${f#?}" ] || set -- "$$@" "-$${f%%+*}" "$${f#?}"; \
	done && \
	if ${PKG_CREATE} -c +COMMENT -d +DESC -f ../.PLIST -I ${PREFIX} -p ${DESTDIR}${PREFIX} ${_OWNER_ARGS} "$$@" \
		-P ${_RUN_PATTERNS:Q}"" -T ${_BUILD_PATTERNS:Q}"" -C ${CONFLICTS:U:Q}"" "$$tmp"; \
	then mv -f "$$tmp" ${STAGE_PKGFILE}; else rm -f "$$tmp"; exit 1; fi
.endif
package package-create: stage-package-create
	@mkdir -p ${PKGFILE:H} && rm -f ${PKGFILE} && \
	{ ln ${STAGE_PKGFILE} ${PKGFILE} 2>/dev/null || cp -p ${STAGE_PKGFILE} ${PKGFILE}; }
	@for c in ${CATEGORIES}; do \
		mkdir -p ${PACKAGES}/$$c && ln -sf ../All/${PKGFILE:T} ${PACKAGES}/$$c || exit 1; \
	done
package-clean package-remove:
	@rm -f ${PKGFILE} ${STAGE_PKGFILE} ${CATEGORIES:@_c_@${PACKAGES}/${_c_}/${PKGFILE:T}@}

install: stage-package-create
	@${PKG_ADD} ${STAGE_PKGFILE}
reinstall: install
deinstall:
	@${PKG_DELETE} ${PKGNAME}

# PKG_GROUPS lists names, PKG_USERS name:group; PKG_UID.name, PKG_GECOS.name, PKG_HOME.name, PKG_SHELL.name as in pkgsrc.
.PHONY: create-usergroup
_PKG_GROUPS=	${PKG_GROUPS:U:@_g_@${_g_}:${PKG_GID.${_g_}:U}@}
_PKG_USERS=	${PKG_USERS:U:@_u_@${_u_}:${PKG_UID.${_u_:C/:.*//}:U}:${PKG_HOME.${_u_:C/:.*//}:U/nonexistent}:${PKG_SHELL.${_u_:C/:.*//}:U/sbin/nologin}@}
create-usergroup: _sanity
	@echo "===> users and groups of ${PKGNAME}"; \
	sh ${PKGSRCDIR}/mk/pkginstall/usergroup.sh ${_PKG_GROUPS:Q}"" ${_PKG_USERS:Q}""

.PHONY: clean pre-clean post-clean pbulk-save-wrkdir
.for _p_ in pre-clean post-clean
.  if !target(${_p_})
${_p_}:
.  endif
.endfor
clean: pre-clean _clean post-clean
.PHONY: _clean
_clean:
	@echo "===> clean: ${PKGNAME}"; \
	[ ! -d ${WRKDIR} ] || { [ -w ${WRKDIR} ] && rm -rf ${WRKDIR}; } || { echo "${WRKDIR} cannot be removed" >&2; exit 1; }
.if defined(WRKOBJDIR)
	@rmdir ${BUILD_DIR} ${BUILD_DIR:H} 2>/dev/null || :
.endif

TAR?=	tar
pbulk-save-wrkdir:
	@[ ! -d ${WRKDIR} ] || { cd ${WRKDIR} && ${TAR} -czf ${INTO:Q} .; }
