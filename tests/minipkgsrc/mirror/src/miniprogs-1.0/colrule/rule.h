#include <stdio.h>
void rule_print(FILE *, unsigned);
