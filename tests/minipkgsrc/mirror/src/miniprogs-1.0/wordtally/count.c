#include <ctype.h>
#include "count.h"

unsigned long
count_words(const char *line)
{
	unsigned long words = 0;
	int inside = 0;

	for (; *line != '\0'; line++) {
		if (isspace((unsigned char)*line))
			inside = 0;
		else if (!inside) {
			inside = 1;
			words++;
		}
	}
	return words;
}
