#include "mini.h"

const char *
mini_version(void)
{
	return "1.4.2";
}
