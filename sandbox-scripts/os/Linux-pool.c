/*
 * Linux-pool.c FILE DIR BUILDER TOKENS RANK MOST SHARE PLACES MEMORY - one pool of jobs for packages and for the jobs inside them.
 * The builds of a run share FILE. Each has one process of this program, the server, which holds tokens for its sandbox: a token is
 * a lock of one byte of FILE, so that the kernel releases it if the server is killed. FILE has four ranges of bytes:
 *   TOKEN   TOKENS bytes, one for each job that may run at a time
 *   PLACE   PLACES bytes, one for each package that may be built at a time; 0: no limit
 *   MEMORY  UNITS bytes, each for a part of the memory of this machine; MEMORY of them are reserved before the build begins
 *   WISH    a byte for each RANK and each of the three kinds above: who waits has a shared lock of it. The lowest rank is served first.
 * Each change writes to FILE, which wakes all others (inotify); a process that is killed writes nothing, so they also look now and then.
 * RANK is a number, or a PKGNAME: then it is the number of its line in FILE.ranks.
 * The first process returns 0 when the server has its place, its memory and its first token, and prints the number of the server, which
 * ends with the process BUILDER or by SIGTERM. Status 1: the server was killed; 64: wrong arguments.
 * DIR is made, with three pipes for the sandbox: `jobs` with further tokens, a byte each, for clients of GNU make's job server; `ask` takes words of
 * one letter, `answer` is for the last of them:
 *   b  the build phase begins: at most one token that nobody has taken yet is on offer in `jobs`, MOST further ones in sum
 *   e  it has ended, with all its processes: all further tokens are returned; DIR/used tells how many jobs were at work
 *   s  a share, once in a phase: takes all free tokens at once, at most SHARE, and answers with their number; from now on none is on offer
 * Bytes in `jobs` beyond the tokens given are removed: a package that forges tokens gives them to itself only.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { TOKEN = 0, PLACE = 1 << 16, MEMORY = 1 << 17, WISH = 1 << 20, RANKS = 1 << 24, UNITS = 256, TOKENS_MAX = 4096 };
enum { IDLE = 20, PAUSE = 50, PAUSE_MAX = 1000, LOOK = 250 }; /* milliseconds */

static int file, changes = -1, jobs, ask, answer, builder, jobs_watch = -1;
static int tokens, rank, most, share_most, places, memory;
static int held[TOKENS_MAX], further; /* numbers of the tokens after the first; how many */
static int serving, offering, share, wishing, offered;
static long offered_at, retry_at, pause_now = PAUSE, counted_at, began_at, job_milliseconds;
static int jobs_max;
static const char *file_name, *dir;
static volatile sig_atomic_t over;

static long now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static int set_lock(int type, long start, long length)
{
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length};

    return fcntl(file, F_SETLK, &lock) == 0;
}

/* Has another process a lock in this range? */
static int locked(long start, long length)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = start, .l_len = length};

    return length > 0 && fcntl(file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

static void tell(void)
{
    if (pwrite(file, "", 1, 0) < 0)
        return;
}

/* Takes a lock of one byte of COUNT from START on; returns its number, -1 if all are taken. */
static int take(long start, int count, const int *mine, int mine_count)
{
    for (int i = 0; i < count; i++) {
        int number = (i + rank) % count, own = 0;
        for (int j = 0; j < mine_count; j++)
            own |= mine[j] == number;
        if (!own && set_lock(F_WRLCK, start + number, 1))
            return number;
    }
    return -1;
}

static int take_token(void)
{
    int number = take(TOKEN, tokens, held, further + 1);

    if (number >= 0)
        held[++further] = number;
    return number >= 0;
}

static void return_token(void)
{
    set_lock(F_UNLCK, TOKEN + held[further--], 1);
    tell();
}

/* Removes BYTES from the pipe of tokens; returns how many were still there. */
static int take_back(int bytes)
{
    char letter;
    int removed = 0;

    while (removed < bytes && read(jobs, &letter, 1) == 1)
        removed++;
    return removed;
}

static int unread(void)
{
    int bytes = 0;

    return ioctl(jobs, FIONREAD, &bytes) ? 0 : bytes;
}

static void wish(int wanted)
{
    if (wishing == wanted)
        return;
    set_lock(wanted ? F_RDLCK : F_UNLCK, WISH + rank, 1);
    wishing = wanted;
    tell();
}

/* Adds the time since the last call to the times of the jobs at work. */
static void count(int idle)
{
    const long time = now();
    const int working = 1 + further - idle;

    if (serving)
        job_milliseconds += (time - counted_at) * working;
    counted_at = time;
    if (serving && working > jobs_max)
        jobs_max = working;
}

/* Compares the pipe with the tokens held: returns those that came back, gives or withdraws the one on offer. Returns the milliseconds
 * after which to look again. */
static int serve(void)
{
    const long time = now();
    int bytes = unread(), wait = LOOK;

    if (bytes > further - share)
        bytes -= take_back(bytes - (further - share));
    count(bytes);
    for (const int keep = offering ? 1 : 0; bytes > keep && take_back(1); bytes--)
        return_token();
    if (!offering) {
        wish(0);
        return wait;
    }
    if (offered && !bytes) { /* it was taken */
        offered = 0;
        pause_now = PAUSE;
        retry_at = time;
    }
    if (bytes && !offered) {
        offered = 1;
        offered_at = time;
    }
    if (offered) {
        const int urgent = locked(WISH, rank), idle = time - offered_at >= IDLE;
        if (urgent || (idle && locked(WISH, RANKS))) {
            offered = 0;
            if (take_back(1))
                return_token();
            if (idle) {
                retry_at = time + pause_now;
                pause_now = pause_now * 2 > PAUSE_MAX ? PAUSE_MAX : pause_now * 2;
            }
        } else {
            return idle ? LOOK : IDLE - (int)(time - offered_at);
        }
    }
    if (further >= most) {
        wish(0);
        return wait;
    }
    const int may = time >= retry_at ? !locked(WISH, rank) : !locked(WISH, RANKS);
    if (may && take_token()) {
        if (write(jobs, "+", 1) != 1)
            return_token();
        offered = 1;
        offered_at = time;
        wish(0);
        return IDLE;
    }
    wish(time >= retry_at);
    return time < retry_at && retry_at - time < wait ? (int)(retry_at - time) : wait;
}

static void write_used(void)
{
    char path[4096], text[128];
    const long milliseconds = now() - began_at;

    snprintf(path, sizeof path, "%s/used", dir);
    snprintf(text, sizeof text, "JOBS_MEAN=%.2f\nJOBS_MAX=%d\n", milliseconds > 0 ? (double)job_milliseconds / (double)milliseconds : 1.0, jobs_max);
    int used = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC); /* it exists: DIR may be removed at this moment */
    if (used >= 0 && write(used, text, strlen(text)) > 0)
        close(used);
}

static void begin(void)
{
    if (serving)
        return;
    serving = offering = 1;
    began_at = counted_at = retry_at = now();
    job_milliseconds = jobs_max = 0;
    pause_now = PAUSE;
}

static void end(void)
{
    count(unread());
    serving = offering = share = offered = 0;
    take_back(unread());
    while (further)
        return_token();
    wish(0);
    if (began_at)
        write_used();
}

static void answer_share(void)
{
    char text[16];

    begin();
    offering = offered = 0;
    serve();
    if (!share)
        while (further < most && share < share_most && !locked(WISH, rank) && take_token())
            share++;
    snprintf(text, sizeof text, "%d\n", share);
    if (write(answer, text, strlen(text)) < 0)
        return;
}

static void hear(void)
{
    char letter;

    while (read(ask, &letter, 1) == 1)
        if (letter == 'b')
            begin();
        else if (letter == 'e')
            end();
        else if (letter == 's')
            answer_share();
}

/* Sleeps until something has changed, at most so many milliseconds. */
static void await(int milliseconds)
{
    char text[4096];
    struct pollfd ends[] = {{.fd = builder, .events = POLLIN}, {.fd = changes, .events = POLLIN}, {.fd = ask, .events = POLLIN}};

    if (changes < 0 && milliseconds > 20)
        milliseconds = 20;
    poll(ends, 3, milliseconds);
    if (ends[0].revents)
        over = 1;
    ssize_t length = changes < 0 ? 0 : read(changes, text, sizeof text);
    for (char *at = text; length > 0 && at < text + length; at += sizeof(struct inotify_event) + ((struct inotify_event *)at)->len)
        if (((struct inotify_event *)at)->wd == jobs_watch && (((struct inotify_event *)at)->mask & IN_ACCESS) && offered)
            offered_at = now();
}

static int first_token(void) { return (held[0] = take(TOKEN, tokens, NULL, 0)) >= 0; }
static int a_place(void) { return take(PLACE, places, NULL, 0) >= 0; }

/* One process at a time counts what is free, so that two never have a part each of what both need. */
static int all_memory(void)
{
    int found = 0, done;

    if (!set_lock(F_WRLCK, MEMORY + UNITS, 1))
        return 0;
    for (int i = 0; i < UNITS && found < memory; i++)
        found += set_lock(F_WRLCK, MEMORY + i, 1);
    if (!(done = found == memory))
        set_lock(F_UNLCK, MEMORY, UNITS);
    set_lock(F_UNLCK, MEMORY + UNITS, 1);
    return done;
}

/* Waits for one of the three kinds, the most urgent first. */
static void admit(int kind, int (*try)(void))
{
    const long wishes = WISH + (long)kind * RANKS;
    int waiting = 0;

    while (!over) {
        if (!locked(wishes, rank) && try())
            break;
        if (!waiting) {
            waiting = 1;
            set_lock(F_RDLCK, wishes + rank, 1);
            tell();
        }
        await(LOOK);
    }
    if (waiting) {
        set_lock(F_UNLCK, wishes + rank, 1);
        tell();
    }
}

/* Makes a pipe that all users may use. */
static int pipe_in(const char *name)
{
    char path[4096];

    snprintf(path, sizeof path, "%s/%s", dir, name);
    if (mkfifo(path, 0666) && errno != EEXIST)
        return -1;
    return open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
}

static int rank_of(const char *word)
{
    char path[4096], *line = NULL, *rest;
    size_t size = 0;
    const size_t length = strlen(word);
    int number = 1;

    rank = strtol(word, &rest, 10);
    if (!*rest)
        return rank;
    snprintf(path, sizeof path, "%s.ranks", file_name);
    FILE *ranks = fopen(path, "re");
    while (ranks && getline(&line, &size, ranks) >= 0) {
        if (!strncmp(line, word, length) && line[length] == '\n')
            return number;
        number++;
    }
    return RANKS;
}

static void terminated(int number)
{
    (void)number;
    over = 1;
}

/* The server: waits until the build may begin, reports that to READY, serves the sandbox. */
static void server(int ready)
{
    char path[4096];
    struct sigaction action = {.sa_handler = terminated};

    sigaction(SIGTERM, &action, NULL);
    signal(SIGINT, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    if (places)
        admit(1, a_place);
    if (memory && !over)
        admit(2, all_memory);
    if (!over)
        admit(0, first_token);
    if (over)
        _exit(1);
    if (changes >= 0) {
        snprintf(path, sizeof path, "%s/jobs", dir);
        jobs_watch = inotify_add_watch(changes, path, IN_ACCESS | IN_MODIFY);
    }
    prctl(PR_SET_PDEATHSIG, 0);
    if (write(ready, "", 1) != 1)
        _exit(1);
    close(ready);
    while (!over) {
        hear();
        await(serve());
    }
    end();
    close(file);
    _exit(0);
}

int main(int argc, char **argv)
{
    int ready[2];
    char byte;

    if (syscall(SYS_pidfd_open, getpid(), 0) < 0)
        return 69; /* before Linux 5.3 */
    if (argc != 10)
        return 64;
    file_name = argv[1];
    dir = argv[2];
    const pid_t parent = atoi(argv[3]);
    tokens = atoi(argv[4]), rank = rank_of(argv[5]), most = atoi(argv[6]);
    share_most = atoi(argv[7]), places = atoi(argv[8]), memory = atoi(argv[9]);
    if (parent <= 1 || tokens < 1 || rank < 0 || most < 0 || share_most < 0 || places < 0 || memory < 0)
        return 64;
    tokens = tokens < TOKENS_MAX ? tokens : TOKENS_MAX - 1;
    rank = rank < RANKS ? rank : RANKS - 1;
    most = most < tokens ? most : tokens - 1;
    places = places < TOKENS_MAX ? places : TOKENS_MAX;
    memory = memory < UNITS ? memory : UNITS;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        return 1;
    syscall(SYS_close_range, 3, ~0U, 0);
    if (pipe2(ready, O_CLOEXEC))
        return 1;
    const pid_t child = fork();
    if (child < 0)
        return 1;
    if (child > 0) {
        close(ready[1]);
        if (read(ready[0], &byte, 1) != 1)
            return 1;
        printf("%d\n", (int)child);
        return fflush(stdout) ? 1 : 0;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* until the first process has returned */
    close(ready[0]);
    builder = syscall(SYS_pidfd_open, parent, 0);
    umask(0);
    char used_path[4096];
    snprintf(used_path, sizeof used_path, "%s/used", dir);
    const int made = (mkdir(dir, 0755) == 0 || errno == EEXIST) && close(open(used_path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644)) == 0;
    file = !made ? -1 : open(argv[1], O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    jobs = pipe_in("jobs"), ask = pipe_in("ask"), answer = pipe_in("answer");
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (builder < 0 || file < 0 || jobs < 0 || ask < 0 || answer < 0 || nothing < 0) {
        fprintf(stderr, "pkgmkgen: pool of jobs: cannot open %s, or make the pipes in %s: %s\n", argv[1], argv[2], strerror(errno));
        _exit(1);
    }
    for (int i = 0; i < 3; i++)
        dup2(nothing, i);
    changes = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (changes >= 0 && inotify_add_watch(changes, argv[1], IN_MODIFY) < 0) {
        close(changes);
        changes = -1;
    }
    server(ready[1]);
}
