# bsd.pkg.subdir.mk - included by the Makefile at the top and by each category's: SUBDIR lists what is below.

.include "bsd.prefs.mk"

.PHONY: all clean show-subdir-var show-var
all:
	@echo "nothing is built here: see SUBDIR"
clean:
	@for d in ${SUBDIR}; do (cd "$$d" && ${MAKE} clean) || exit 1; done
show-subdir-var show-var:
	@printf '%s\n' ""${${VARNAME}:Q}
