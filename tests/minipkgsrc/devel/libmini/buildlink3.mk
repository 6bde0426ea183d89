# Included by what is linked with libmini.
.if !defined(LIBMINI_BUILDLINK3_MK)
LIBMINI_BUILDLINK3_MK=	defined
DEPENDS+=	libmini>=1.2<2:../../devel/libmini
CPPFLAGS+=	-I${PREFIX}/include
LDFLAGS+=	-L${PREFIX}/lib
.endif
