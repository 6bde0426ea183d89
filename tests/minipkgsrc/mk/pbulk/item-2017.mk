# item-2017.mk - the recipe of a record as pkgsrc had it before: a shell for each line. It is put in place of that in
# pbulk-index.mk by tests; nothing includes it.

pbulk-index-item:
	@echo "PKGNAME="${PKGNAME:Q}
	@echo "ALL_DEPENDS="${_ALL_DEPENDS:Q}
	@echo "PKG_SKIP_REASON="${PKG_SKIP_REASON:Q}
	@echo "PKG_FAIL_REASON="${PKG_FAIL_REASON:Q}
	@echo "NO_BIN_ON_FTP="${NO_BIN_ON_FTP:Q}
	@echo "RESTRICTED="${RESTRICTED:Q}
	@echo "CATEGORIES="${CATEGORIES:Q}
	@echo "MAINTAINER="${MAINTAINER:Q}
	@echo "USE_DESTDIR="${_USE_DESTDIR:Q}
	@echo "BOOTSTRAP_PKG="${BOOTSTRAP_PKG}
	@echo "USERGROUP_PHASE="${USERGROUP_PHASE:Q}
	@echo "SCAN_DEPENDS="${.MAKE.MAKEFILES:O:u:Q}
.if !empty(MAKE_JOBS_SAFE)
	@echo "MAKE_JOBS_SAFE="${MAKE_JOBS_SAFE:Q}
.endif
.if !empty(PBULK_WEIGHT)
	@echo "PBULK_WEIGHT="${PBULK_WEIGHT:Q}
.endif
.if defined(_PBULK_MULTI_NEEDED)
	@printf "MULTI_VERSION="
.for _c_ in ${_PBULK_MULTI_NEEDED}
	@printf " %s=%s" ${_PBULK_MULTI_VAR.${_c_}:Q} ${_PBULK_MULTI_VALUE_${_c_}:Q}
.endfor
	@printf "\n"
.endif
