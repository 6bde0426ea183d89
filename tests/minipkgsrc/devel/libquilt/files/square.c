#include <mini.h>
#include <string.h>
#include "quilt.h"

char
quilt_square(const char *pattern, unsigned row, unsigned column)
{
	struct mini_buf buf = { NULL, 0, 0 };
	char number[2 * sizeof(unsigned) * 4];
	unsigned long hash;

	mini_buf_add(&buf, pattern, strlen(pattern));
	mini_buf_add(&buf, number, (size_t)snprintf(number, sizeof number, "/%u/%u", row % 7, column % 5));
	hash = mini_hash(buf.text, buf.length);
	mini_buf_free(&buf);
	return (char)('a' + hash % 6);
}
