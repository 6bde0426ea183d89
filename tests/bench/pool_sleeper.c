/*
 * pool_sleeper.c POOL FILE TOKENS PARTS STAGING ALL PKGNAME... - a stand-in of build.sh that sleeps and takes tokens from the pool of
 * jobs as a real build does: a serial part with the token of its slot, then jobs of JOB milliseconds, each with a token, as GNU make runs
 * them; all as long as the file PARTS/PKGNAME says (`SERIAL PARALLEL`, in milliseconds). Makes the file ALL/PKGNAME.tgz.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { JOBS = 4096 };

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static void nap(double milliseconds)
{
    struct timespec time = {milliseconds / 1e3, 0};

    time.tv_nsec = (milliseconds - time.tv_sec * 1e3) * 1e6;
    nanosleep(&time, NULL);
}

static int pipe_of(const char *dir, const char *name)
{
    char path[4096];

    snprintf(path, sizeof path, "%s/%s", dir, name);
    int fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        _exit(75);
    return fd;
}

/* Waits for the token of this slot, as host/pool.sh does. */
static int admitted(char **argv, const char *dir)
{
    char builder[16];
    int status;

    snprintf(builder, sizeof builder, "%d", (int)getpid());
    pid_t child = fork();
    if (child == 0) {
        dup2(open("/dev/null", O_WRONLY), 1);
        execl(argv[1], argv[1], argv[2], dir, builder, argv[3], argv[7], "9999", "9999", "0", "0", NULL);
        _exit(75);
    }
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

int main(int argc, char **argv)
{
    char path[4096], dir[4096], letter;
    double serial, parallel, ends[JOBS];
    int running = 0, extra = 0;
    const double job = getenv("JOB") ? atof(getenv("JOB")) : 60;

    if (argc < 8)
        return 64;
    snprintf(path, sizeof path, "%s/%s", argv[4], argv[7]);
    FILE *parts = fopen(path, "r");
    if (!parts || fscanf(parts, "%lf %lf", &serial, &parallel) != 2)
        return 75;
    fclose(parts);
    snprintf(dir, sizeof dir, "%s/%s", argv[5], argv[7]);
    if (!admitted(argv, dir))
        return 75;
    nap(serial);
    int jobs = pipe_of(dir, "jobs"), ask = pipe_of(dir, "ask");
    if (write(ask, "b", 1) != 1)
        return 75;
    while (parallel > 0 || running) {
        while (parallel > 0 && running < JOBS && (running == extra || read(jobs, &letter, 1) == 1)) {
            extra += running != extra;
            const double length = parallel < job ? parallel : job;
            ends[running++] = now() + length;
            parallel -= length;
        }
        double first = ends[0];
        for (int i = 1; i < running; i++)
            first = ends[i] < first ? ends[i] : first;
        struct pollfd free = {.fd = parallel > 0 ? jobs : -1, .events = POLLIN};
        const struct timespec until = {0, 200000};
        const double left = first - now();
        if (left > 0.2)
            poll(&free, 1, (int)(left + 0.5));
        else
            nanosleep(&until, NULL);
        for (int i = 0; i < running; i++)
            if (ends[i] <= now()) {
                ends[i--] = ends[--running];
                if (extra && extra > running - 1) {
                    extra--;
                    if (write(jobs, "+", 1) != 1)
                        return 75;
                }
            }
    }
    if (write(ask, "e", 1) != 1)
        return 75;
    snprintf(path, sizeof path, "%s/%s.tgz", argv[6], argv[7]);
    int made = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    return made < 0 || write(made, "x", 1) != 1 ? 75 : 0;
}
