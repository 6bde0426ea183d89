#include <stdio.h>
#include <unistd.h>

int
main(void)
{
	printf("%ld\n", (long)geteuid());
	return 0;
}
