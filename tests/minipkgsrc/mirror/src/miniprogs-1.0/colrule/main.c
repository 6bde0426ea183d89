#include <mini.h>
#include <string.h>
#include "rule.h"

int
main(void)
{
	struct mini_buf buf = { NULL, 0, 0 };
	size_t widest = 0;
	char *line;

	while ((line = mini_line(stdin, &buf)) != NULL)
		if (strlen(line) > widest)
			widest = strlen(line);
	mini_buf_free(&buf);
	rule_print(stdout, (unsigned)widest);
	return 0;
}
