#include <lib++/shape.h>
#include <cstdlib>
#include <iostream>

double total(int, char **);

int
main(int argc, char **argv)
{
	std::cout << total(argc, argv) << std::endl;
	return 0;
}
