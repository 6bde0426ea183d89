unsigned long count_words(const char *);
