/* libmini: growing buffers, a hash and lines. */
#ifndef MINI_H
#define MINI_H
#include <stddef.h>
#include <stdio.h>

struct mini_buf { char *text; size_t length, room; };
void mini_buf_add(struct mini_buf *buf, const char *text, size_t length);
void mini_buf_free(struct mini_buf *buf);

unsigned long mini_hash(const char *text, size_t length);

/* The next line without its end, NULL at the end of the file; it lives until the next call with buf. */
char *mini_line(FILE *file, struct mini_buf *buf);

const char *mini_version(void);
#endif
