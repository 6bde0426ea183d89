#include "mini.h"

char *
mini_line(FILE *file, struct mini_buf *buf)
{
	int c;
	char byte;

	buf->length = 0;
	while ((c = getc(file)) != EOF && c != '\n') {
		byte = (char)c;
		mini_buf_add(buf, &byte, 1);
	}
	if (c == EOF && buf->length == 0)
		return NULL;
	mini_buf_add(buf, "", 0);
	return buf->text;
}
