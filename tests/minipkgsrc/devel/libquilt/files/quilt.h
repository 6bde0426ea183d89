/* The colour, a letter, of a square of the named pattern. */
char quilt_square(const char *pattern, unsigned row, unsigned column);
