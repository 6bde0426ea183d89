#include "mini.h"

unsigned long
mini_hash(const char *text, size_t length)
{
	unsigned long hash = 5381;

	while (length-- > 0)
		hash = hash * 33 ^ (unsigned char)*text++;
	return hash;
}
