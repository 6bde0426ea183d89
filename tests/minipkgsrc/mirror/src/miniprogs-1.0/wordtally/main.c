#include <mini.h>
#include "count.h"

int
main(void)
{
	struct mini_buf buf = { NULL, 0, 0 };
	unsigned long words = 0;
	char *line;

	while ((line = mini_line(stdin, &buf)) != NULL)
		words += count_words(line);
	mini_buf_free(&buf);
	printf("%lu\n", words);
	return 0;
}
