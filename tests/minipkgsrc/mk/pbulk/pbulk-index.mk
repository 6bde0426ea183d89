# pbulk-index.mk - what a bulk builder asks of a package directory. pbulk-index prints a record for each combination of
# accepted values of the multi-version classes, default value first; NO_MULTI_PKG turns that off.

# A class: the variable that chooses the value, the accepted values, the default.
_MULTI_CLASSES=		python
_MULTI_VAR.python=	PYTHON_VERSION_REQD
_MULTI_LIST.python=	${_PYTHON_VERSIONS_ACCEPTED}
_MULTI_DEFAULT.python=	${PYTHON_VERSION_DEFAULT}

# The first class that has a choice and is not yet decided; the make started for each value looks for the next.
_MULTI_DONE?=
_MULTI_NEXT=
.if !defined(NO_MULTI_PKG)
.  for _c_ in ${_MULTI_CLASSES}
.    if empty(_MULTI_NEXT) && empty(_MULTI_DONE:M${_c_}) && !empty(_MULTI_LIST.${_c_}) && \
        (${_MULTI_LIST.${_c_}:[#]} > 1 || ${_MULTI_LIST.${_c_}} != ${_MULTI_DEFAULT.${_c_}})
_MULTI_NEXT=	${_c_}
.    endif
.  endfor
.endif

.PHONY: pbulk-index pbulk-index-item
.if empty(_MULTI_NEXT)
pbulk-index: pbulk-index-item
.else
_MULTI_VALUES=	${_MULTI_LIST.${_MULTI_NEXT}:M${_MULTI_DEFAULT.${_MULTI_NEXT}}} \
		${_MULTI_LIST.${_MULTI_NEXT}:N${_MULTI_DEFAULT.${_MULTI_NEXT}}}
pbulk-index:
	@for value in ${_MULTI_VALUES}; do \
		env _MULTI_DONE="${_MULTI_DONE} ${_MULTI_NEXT}" ${_MULTI_VAR.${_MULTI_NEXT}}="$$value" ${MAKE} pbulk-index || exit 1; \
	done
.endif

_OPTIONAL_KEYS=
.if ${MAKE_JOBS_SAFE:U:tl} == "no"
_OPTIONAL_KEYS+=	MAKE_JOBS_SAFE=no
.endif
.if defined(PBULK_WEIGHT)
_OPTIONAL_KEYS+=	PBULK_WEIGHT=${PBULK_WEIGHT:Q}
.endif
.if !empty(_MULTI_DONE)
_MULTI_CHOSEN=	${_MULTI_DONE:@_c_@${_MULTI_VAR.${_c_}}=${${_MULTI_VAR.${_c_}}}@}
_OPTIONAL_KEYS+=	MULTI_VERSION=\ ${_MULTI_CHOSEN:Q}
.endif
pbulk-index-item:
	@printf '%s\n' PKGNAME=${PKGNAME:Q} ALL_DEPENDS=${_ALL_DEPENDS:Q} PKG_SKIP_REASON=${PKG_SKIP_REASON:Q} \
		PKG_FAIL_REASON=${PKG_FAIL_REASON:Q} NO_BIN_ON_FTP=${NO_BIN_ON_FTP:U:Q} RESTRICTED=${RESTRICTED:U:Q} \
		CATEGORIES=${CATEGORIES:U:Q} MAINTAINER=${MAINTAINER:Q} USE_DESTDIR=${_USE_DESTDIR:Q} \
		BOOTSTRAP_PKG=${BOOTSTRAP_PKG:U:Q} USERGROUP_PHASE=${USERGROUP_PHASE:Q} SCAN_DEPENDS=${.MAKE.MAKEFILES:O:u:Q} \
		${_OPTIONAL_KEYS}
