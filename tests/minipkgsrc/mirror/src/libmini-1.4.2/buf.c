#include <stdlib.h>
#include <string.h>
#include "mini.h"

void
mini_buf_add(struct mini_buf *buf, const char *text, size_t length)
{
	if (buf->length + length + 1 > buf->room) {
		buf->room = 2 * (buf->length + length + 1);
		if ((buf->text = realloc(buf->text, buf->room)) == NULL)
			abort();
	}
	memcpy(buf->text + buf->length, text, length);
	buf->length += length;
	buf->text[buf->length] = '\0';
}

void
mini_buf_free(struct mini_buf *buf)
{
	free(buf->text);
	memset(buf, 0, sizeof *buf);
}
