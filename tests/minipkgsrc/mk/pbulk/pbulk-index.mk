# pbulk-index.mk - what a bulk builder asks of a package directory. pbulk-index prints a record for each combination of
# accepted values of the multi-version classes, default value first; NO_MULTI_PKG turns that off. Names and recipes are
# those of pkgsrc since March 2026; item-2017.mk has the record's recipe as it was before.

# A class: names of the variable that chooses the value, of the accepted values, of the default.
_PBULK_MULTI?=			python
_PBULK_MULTI_VAR.python=	PYTHON_VERSION_REQD
_PBULK_MULTI_LIST.python=	_PYTHON_VERSIONS_ACCEPTED
_PBULK_MULTI_DEFAULT.python=	PYTHON_VERSION_DEFAULT

# Classes that have a choice, or one value that is not the default; the values with the default first.
.if !defined(NO_MULTI_PKG)
.  for _c_ in ${_PBULK_MULTI}
_MULTI_ACCEPTED.${_c_}:=	${${_PBULK_MULTI_LIST.${_c_}}:U}
_MULTI_FIRST.${_c_}:=		${${_PBULK_MULTI_DEFAULT.${_c_}}:U}
.    if !empty(_MULTI_ACCEPTED.${_c_}) && \
        (${_MULTI_ACCEPTED.${_c_}:[#]} > 1 || ${_MULTI_ACCEPTED.${_c_}} != ${_MULTI_FIRST.${_c_}})
_PBULK_MULTI_NEEDED+=		${_c_}
_PBULK_SORTED_LIST.${_c_}:=	${_MULTI_ACCEPTED.${_c_}:M${_MULTI_FIRST.${_c_}}} \
				${_MULTI_ACCEPTED.${_c_}:N${_MULTI_FIRST.${_c_}}}
.    endif
.  endfor
.endif

RUN?=	@set -e;

.PHONY: pbulk-index pbulk-index-item
.if !defined(_PBULK_MULTI_NEEDED)
pbulk-index: pbulk-index-item
.else
pbulk-index:
	${RUN} ${_PBULK_MULTI_NEEDED:@_c_@ \
		for ${_c_} in ${_PBULK_SORTED_LIST.${_c_}}; do \
			_PBULK_MULTI_VALUE_${_c_}=$$${_c_}; export _PBULK_MULTI_VALUE_${_c_}; \
			${_PBULK_MULTI_VAR.${_c_}}=$$${_c_}; export ${_PBULK_MULTI_VAR.${_c_}};@} \
	${MAKE} pbulk-index-item ${_PBULK_MULTI_NEEDED:@_c_@;done@}
.endif

pbulk-index-item:
	${RUN} { \
		echo "PKGNAME="${PKGNAME:Q}; \
		echo "ALL_DEPENDS="${_ALL_DEPENDS:Q}; \
		echo "PKG_SKIP_REASON="${PKG_SKIP_REASON:Q}; \
		echo "PKG_FAIL_REASON="${PKG_FAIL_REASON:Q}; \
		echo "NO_BIN_ON_FTP="${NO_BIN_ON_FTP:Q}; \
		echo "RESTRICTED="${RESTRICTED:Q}; \
		echo "CATEGORIES="${CATEGORIES:Q}; \
		echo "MAINTAINER="${MAINTAINER:Q}; \
		echo "USE_DESTDIR="${_USE_DESTDIR:Q}; \
		echo "BOOTSTRAP_PKG="${BOOTSTRAP_PKG}; \
		echo "USERGROUP_PHASE="${USERGROUP_PHASE:Q}; \
		echo "SCAN_DEPENDS="${.MAKE.MAKEFILES:O:u:Q}; \
		[ -z ${MAKE_JOBS_SAFE:Q} ] || echo "MAKE_JOBS_SAFE="${MAKE_JOBS_SAFE:Q}; \
		[ -z ${PBULK_WEIGHT:Q} ] || echo "PBULK_WEIGHT="${PBULK_WEIGHT:Q}; \
	}
.if defined(_PBULK_MULTI_NEEDED)
	${RUN} printf "MULTI_VERSION="; \
	${_PBULK_MULTI_NEEDED:@_c_@ \
		printf " %s=%s" ${_PBULK_MULTI_VAR.${_c_}:Q} ${_PBULK_MULTI_VALUE_${_c_}:Q};@} \
	printf "\n"
.endif
