#include <quilt.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const names[] = {
#include "names.h"
};

int
main(int argc, char **argv)
{
	unsigned row, column, which;

	which = argc > 1 ? (unsigned)atoi(argv[1]) : 0;
	if (which >= sizeof names / sizeof names[0])
		return 1;
	for (row = 0; row < 8; row++) {
		for (column = 0; column < 24; column++)
			putchar(quilt_square(names[which], row, column));
		putchar('\n');
	}
	return 0;
}
