# phases.mk - from the distfile to the built sources. A phase that is over leaves WRKDIR/.PHASE_done, looked for when
# this is read, so that each phase may be a make of its own; hooks (pre-, do-, post-PHASE) are the package's to define.

.NOTPARALLEL:
_PHASES=	extract patch configure build
.for _p_ in ${_PHASES} install
_COOKIE.${_p_}=	${WRKDIR}/.${_p_}_done
.endfor

# First of every target that does something: a package with a reason does nothing.
_REASONS=	${PKG_FAIL_REASON} ${PKG_SKIP_REASON}
.PHONY: _sanity
_sanity:
.if !empty(_REASONS)
	@printf 'ERROR: %s\n' ${_REASONS} >&2; exit 1
.endif

.PHONY: fetch checksum makesum bootstrap-depends depends all
all: build

fetch: _sanity bootstrap-depends
.if !empty(DISTFILES)
	@env FETCH_CMD=${FETCH_CMD:Q} sh ${SCRIPTS}/fetch.sh ${_DISTDIR:Q} ${DISTFILES} -- ${MASTER_SITES}
.endif
checksum: fetch
.if !empty(DISTFILES)
	@sh ${SCRIPTS}/checksum.sh ${DIGEST} ${DISTINFO_FILE:Q} ${DISTDIR:Q} ${DISTFILES:S|^|${DIST_SUBDIR:D${DIST_SUBDIR}/}|}
.endif
makesum: fetch
	@sh ${SCRIPTS}/makesum.sh ${DIGEST} ${DISTDIR:Q} ${DISTFILES:S|^|${DIST_SUBDIR:D${DIST_SUBDIR}/}|} >${DISTINFO_FILE}.new && \
	mv -f ${DISTINFO_FILE}.new ${DISTINFO_FILE}

_DEPENDS_CMD=	PKG_INFO=${PKG_INFO:Q} MAKE=${MAKE:Q} DEPENDS_TARGET=${DEPENDS_TARGET:Q} sh ${SCRIPTS}/depends.sh
bootstrap-depends: _sanity
.if !empty(BOOTSTRAP_DEPENDS)
	@${_DEPENDS_CMD} ${BOOTSTRAP_DEPENDS:@_d_@${_d_:Q}@}
.endif
depends: _sanity bootstrap-depends
.if !empty(BUILD_DEPENDS) || !empty(TOOL_DEPENDS) || !empty(DEPENDS)
	@${_DEPENDS_CMD} ${BUILD_DEPENDS:@_d_@${_d_:Q}@} ${TOOL_DEPENDS:@_d_@${_d_:Q}@} ${DEPENDS:@_d_@${_d_:Q}@}
.endif

_PREV.extract=	checksum depends
_PREV.patch=	extract
_PREV.configure=	patch
_PREV.build=	configure
.for _p_ in ${_PHASES}
.PHONY: ${_p_} _begin-${_p_} pre-${_p_} do-${_p_} post-${_p_}
.  if exists(${_COOKIE.${_p_}})
${_p_}:
.  else
${_p_}: _sanity ${_PREV.${_p_}} _begin-${_p_} pre-${_p_} do-${_p_} post-${_p_}
	@: >${_COOKIE.${_p_}}
_begin-${_p_}:
	@echo "===> ${_p_}: ${PKGNAME}"; \
	[ -d ${WRKDIR} ] || (umask 077 && mkdir -p ${WRKDIR} ${WRKDIR}/.home); \
	{ echo "${_p_} ${PKGNAME}" >>${WRKLOG}; } 2>/dev/null || :
.  endif
.  if !target(pre-${_p_})
pre-${_p_}:
.  endif
.  if !target(post-${_p_})
post-${_p_}:
.  endif
.endfor

.if !target(do-extract)
do-extract:
.  if !empty(DISTFILES)
	@cd ${WRKDIR} && sh ${SCRIPTS}/extract.sh ${WRKSRC:T} ${DISTFILES:@_f_@${_DISTDIR}/${_f_}@}
.  elif exists(${FILESDIR})
	@cp -R ${FILESDIR} ${WRKSRC} && chmod -R u+w ${WRKSRC}
.  else
	@mkdir -p ${WRKSRC}
.  endif
.endif

.if !target(do-patch)
do-patch:
.  if exists(${.CURDIR}/patches)
	@cd ${WRKSRC} && for p in ${.CURDIR}/patches/patch-*; do patch -s -p0 <"$$p" || exit 1; done
.  endif
.endif

.if !target(do-configure)
do-configure:
.  if defined(HAS_CONFIGURE)
	@cd ${WRKSRC} && env ${CONFIGURE_ENV} sh ./configure ${CONFIGURE_ARGS}
.  endif
.endif

.if !target(do-build)
do-build:
.  if !defined(NO_BUILD)
	@cd ${WRKSRC} && ${PKGSRC_SETENV} ${MAKE_ENV} ${MAKE_PROGRAM} ${_MAKE_JOBS} ${MAKE_FLAGS} ${BUILD_TARGET:Uall}
.  endif
.endif
