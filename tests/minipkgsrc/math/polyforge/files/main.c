#include <mini.h>
#include <stdlib.h>
#include "units.h"

int
main(int argc, char **argv)
{
	double x = argc > 1 ? atof(argv[1]) : 1;

	printf("%g (libmini %s)\n", ALL(x), mini_version());
	return 0;
}
