/* sleeper sh SCRIPT PKGNAME ... - stands in for a build: sleeps as long as the file
 * $SLEEPS/PKGNAME says, then makes the package, with next to no time of its own. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv) {
    char path[4096];
    double seconds = 0;
    if (argc < 4) return 64;
    snprintf(path, sizeof path, "%s/%s", getenv("SLEEPS"), argv[3]);
    FILE *file = fopen(path, "r");
    if (!file || fscanf(file, "%lf", &seconds) != 1) return 1;
    fclose(file);
    struct timespec rest = {(time_t)seconds, (long)((seconds - (time_t)seconds) * 1e9)};
    while (nanosleep(&rest, &rest)) {}
    snprintf(path, sizeof path, "%s/All/%s.tgz", getenv("BULK_PACKAGES"), argv[3]);
    return close(open(path, O_CREAT | O_WRONLY, 0644));
}
