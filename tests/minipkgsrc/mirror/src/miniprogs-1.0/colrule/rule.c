#include <stdlib.h>
#include "rule.h"

void
rule_print(FILE *out, unsigned columns)
{
	unsigned i;

	for (i = 1; i <= columns; i++)
		putc(i % 10 == 0 ? '|' : i % 5 == 0 ? '+' : '-', out);
	putc('\n', out);
}
