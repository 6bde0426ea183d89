# bsd.prefs.mk - the user's settings (MAKECONF, else PREFIX/etc/mk.conf), then the defaults, then what is known about
# the machine. No process is started while this is read.

.if !defined(BSD_PREFS_MK)
BSD_PREFS_MK=	defined
BSD_PKG_MK=	1

.if !defined(MAKECONF)
MAKECONF=	${LOCALBASE:U${PREFIX:U/usr/pkg}}/etc/mk.conf
.endif
.-include "${MAKECONF}"

.if !defined(PKGSRCDIR)
PKGSRCDIR:=	${.PARSEDIR:tA:H}
.endif
.include "defaults/mk.conf"

OPSYS?=		${NATIVE_OPSYS:U${.MAKE.OS}}
# The release costs a process: it is asked for only where it is used.
OS_VERSION?=	${NATIVE_OS_VERSION:U${uname -r:L:sh:C/-.*$//}}
.if ${MACHINE_ARCH} == "amd64"
MACHINE_ARCH:=	x86_64
.endif
MACHINE_PLATFORM?=	${OPSYS}-${OS_VERSION}-${MACHINE_ARCH}

# What sys.mk presets is no wish of the user.
.if ${CC:U:M-pipe}
CC=		cc
.endif
.if ${CFLAGS:U} == ${DBG:U}
CFLAGS=		-O2
.endif
.if ${CXXFLAGS:U} == ${DBG:U}
CXXFLAGS=	-O2
.endif
CXX?=		c++
PKGSRC_COMPILER?=	gcc
.if ${PKGSRC_COMPILER:Mdistcc} && ${PKGSRC_COMPILER:Mccache}
CC:=		ccache ${CC}
CXX:=		ccache ${CXX}
ALL_ENV+=	CCACHE_PREFIX=distcc
.elif ${PKGSRC_COMPILER:Mdistcc} || ${PKGSRC_COMPILER:Mccache}
CC:=		${PKGSRC_COMPILER:[1]} ${CC}
CXX:=		${PKGSRC_COMPILER:[1]} ${CXX}
.endif

.endif
