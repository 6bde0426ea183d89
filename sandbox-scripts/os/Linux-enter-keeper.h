/*
 * Linux-enter-keeper.h - the work of the keeper, part of Linux-enter.c: it serves the requests of SCRIPT, passes on its output and
 * ends the sandbox with its status.
 */
#define ASKED "/sandbox/asked" /* the command of a request, written by SCRIPT */
#define STORE "/sandbox/work/.fetched"
#define SAID_MAX 16384 /* limit of the bytes passed on from each stream of SCRIPT */
#define INSIDE "inside: " /* prefix of each line that may come from a package */

enum { FAILED = 2, WORK_FULL = 3, ROOT_FULL = 4 }; /* statuses of a package that failed */

static int distrusted; /* a command of the package has run */
static int places[2]; /* the work directory and the root, as they were before SCRIPT began */

/* Ends all processes except the keeper and SCRIPT; if NETWORK is not -1, only those that are not in NETWORK. All are stopped
 * before any is examined, so none can escape by a fork. */
static void kill_others(DIR *proc, int network)
{
    struct stat wanted = {0}, has;

    if (network >= 0)
        fstat(network, &wanted);
    kill(-1, SIGSTOP);
    for (int found = 1; found; ) {
        struct dirent *entry;
        found = 0;
        rewinddir(proc);
        while ((entry = readdir(proc))) {
            pid_t pid = atoi(entry->d_name);
            if (pid <= 1 || pid == script_pid)
                continue;
            if (waitpid(pid, NULL, WNOHANG) == pid)
                continue;
            char path[64], state = 'Z', line[512];
            put(path, sizeof path, "%d/stat", (int)pid);
            int fd = openat(dirfd(proc), path, O_RDONLY | O_CLOEXEC);
            ssize_t length = fd < 0 ? 0 : read(fd, line, sizeof line - 1);
            if (fd >= 0)
                close(fd);
            line[length > 0 ? length : 0] = '\0';
            char *end = strrchr(line, ')');
            if (end && end[1])
                state = end[2];
            put(path, sizeof path, "%d/ns/net", (int)pid);
            if (network >= 0 && fstatat(dirfd(proc), path, &has, 0) == 0 && has.st_ino == wanted.st_ino)
                continue;
            if (state != 'Z' && state != 'X') {
                kill(pid, SIGKILL);
                found = 1;
            }
        }
        if (found)
            usleep(500);
    }
    kill(network >= 0 ? -1 : script_pid, SIGCONT);
}

static int status_of(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

/* Returns the exit status for the STATUS of SCRIPT: if the package failed, was one of the file systems of the sandbox full? */
static int ending(int status)
{
    struct statvfs facts;
    int said = status_of(status);

    if (said == WORK_FULL || said == ROOT_FULL || (said == 75 && distrusted))
        said = FAILED; /* a package must not report this */
    for (int i = 0; said == FAILED && i < 2; i++)
        if (fstatvfs(places[i], &facts) == 0 && facts.f_blocks && (unsigned long long)facts.f_bavail * facts.f_frsize < 65536)
            said = i == 0 ? WORK_FULL : ROOT_FULL;
    return said;
}

static int write_all(int to, const char *text, size_t length)
{
    ssize_t one;

    for (size_t done = 0; done < length; done += one)
        if ((one = write(to, text + done, length - done)) <= 0)
            return 0;
    return 1;
}

/* Copies available data of FROM to TO. Returns 0 at its end. */
static int relay(int from, int to)
{
    char text[4096];
    ssize_t length = read(from, text, sizeof text);

    return length > 0 && write_all(to, text, length);
}

/* A stream of SCRIPT, passed on to the caller of make. */
struct said { int from, to, within, data; size_t length; };

/* Passes on a piece: printable, with prefixes, up to the limit. Returns 0 at its end. */
static int pass(struct said *said)
{
    static const char cut[] = "\npkgmkgen: sandbox: it says more than 16 kB, which is left out\n";
    char text[4096], shown[sizeof text * sizeof INSIDE];
    size_t end = 0;

    if (said->data)
        return relay(said->from, said->to);
    ssize_t length = read(said->from, text, sizeof text);
    for (ssize_t i = 0; i < length && said->length < SAID_MAX; i++, said->length++) {
        if (distrusted && !said->within)
            end += strlen(strcpy(shown + end, INSIDE));
        said->within = text[i] != '\n';
        shown[end++] = (text[i] < ' ' && text[i] != '\n' && text[i] != '\t') || text[i] > '~' ? '?' : text[i];
    }
    if (length > 0 && said->length == SAID_MAX) {
        said->length++;
        return write_all(said->to, shown, end) && write_all(said->to, cut, strlen(cut));
    }
    return length > 0 && (!end || write_all(said->to, shown, end));
}

/* An interactive shell, at its own terminal if the caller has one. The sandbox ends with its status. */
static int shell(int network)
{
    char *argv[] = {"sh", ASKED, NULL}, path[64];
    int caller[3] = {0, 1, 2}, status, number = 0, unlock = 0, master;
    struct termios before, raw;
    struct winsize size, last = {0};

    if (!isatty(0) || tcgetattr(0, &before)) {
        pid_t child = start(argv, network, caller, -1, 0);
        while (waitpid(child, &status, 0) < 0)
            ;
        return status_of(status);
    }
    master = open("/dev/pts/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (master < 0 || ioctl(master, TIOCSPTLCK, &unlock) || ioctl(master, TIOCGPTN, &number))
        fail("make", "a terminal");
    int slave = open(put(path, sizeof path, "/dev/pts/%d", number), O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (slave < 0)
        fail("open", path);
    tcsetattr(slave, TCSANOW, &before);
    if (ids_fd >= 0 && fchown(slave, ids_base, ids_base))
        fail("own", path);
    raw = before;
    cfmakeraw(&raw);
    signal(SIGTTOU, SIG_IGN);
    tcsetattr(0, TCSADRAIN, &raw);
    pid_t child = start(argv, network, (int[]){slave, slave, slave}, -1, 1);
    close(slave);
    struct pollfd ends[] = {{.fd = master, .events = POLLIN}, {.fd = 0, .events = POLLIN}};
    for (int over = 0; !over; ) {
        if (ioctl(0, TIOCGWINSZ, &size) == 0 && memcmp(&size, &last, sizeof size))
            ioctl(master, TIOCSWINSZ, &size), last = size;
        over = waitpid(child, &status, WNOHANG) == child;
        if (poll(ends, 2, over ? 0 : 250) > 0) {
            if (ends[0].revents && !relay(master, 1))
                ends[0].fd = -1;
            if (ends[1].revents && !relay(0, master))
                ends[1].fd = -1;
        }
    }
    while (ends[0].fd >= 0 && poll(ends, 1, 0) > 0 && relay(master, 1))
        ;
    tcsetattr(0, TCSADRAIN, &before);
    return status_of(status);
}

/* The requests of SCRIPT to the keeper, each at most once except the first two:
 *   distrust  from now on a package may control the output and the status of SCRIPT
 *   kill   ends all processes except SCRIPT; DISTDIR becomes read-only
 *   fetch  runs ASKED in the network of the host, then ends all processes there; files written to DISTDIR from now on go to STORE
 *   shell  see shell()
 * Output of ASKED goes to ERRORS. The answer is a line with a status. */
static void serve(int line, const char *word, DIR *proc, int network, int distdir, int errors)
{
    static int fetched;
    char *argv[] = {"sh", ASKED, NULL}, answer[16];
    int status = 0, nothing = open("/dev/null", O_RDWR | O_CLOEXEC), user = ids_fd < 0 && getenv("BULK_USERXATTR");

    if (!strcmp(word, "distrust")) {
        distrusted = 1;
    } else if (!strcmp(word, "kill")) {
        kill_others(proc, -1);
        if (fetched == 1 && (fetched = 2) && unwritable(getenv("BULK_DISTDIR")))
            status = 75;
    } else if (!strcmp(word, "fetch") && !fetched && distdir >= 0 && nothing >= 0) {
        fetched = 1;
        if (writable(distdir, STORE, user ? ",userxattr" : "")) {
            fprintf(stderr, "pkgmkgen: sandbox: cannot make DISTDIR writable: %s\n", strerror(errno));
            status = 75;
        } else {
            int ended, one, links[4];
            guard(links);
            pid_t child = start(argv, -1, (int[]){nothing, nothing, errors}, -1, 0);
            while ((one = waitpid(-1, &ended, 0)) != child)
                if (one < 0 && errno != EINTR)
                    break;
                else if (one == script_pid)
                    exit(ending(ended));
            status = one == child ? status_of(ended) : 75;
            kill_others(proc, network);
            unguard(links);
        }
    } else if (!strcmp(word, "shell") && getenv("BULK_TTY") && *getenv("BULK_TTY")) {
        kill_others(proc, -1);
        exit(shell(network));
    } else {
        status = 74;
    }
    close(nothing);
    put(answer, sizeof answer, "%d\n", status);
    if (write(line, answer, strlen(answer)) < 0)
        return;
}

static int ended_pipe;
static void child_ended(int number)
{
    (void)number;
    if (write(ended_pipe, "", 1) < 0)
        return;
}

/* The work of the keeper: requests of SCRIPT, its output, its end. */
static void keep(int line, struct said said[2], DIR *proc, int network, int distdir, int errors)
{
    struct pollfd ends[] = {{.events = POLLIN}, {.fd = line, .events = POLLIN}, {.fd = said[0].from, .events = POLLIN}, {.fd = said[1].from, .events = POLLIN}};
    char word[16], drained[64];
    size_t length = 0;
    int status, pipes[2];
    pid_t pid;

    if (pipe2(pipes, O_CLOEXEC | O_NONBLOCK))
        fail("make", "a pipe");
    ended_pipe = pipes[1];
    ends[0].fd = pipes[0];
    struct sigaction action = {.sa_handler = child_ended, .sa_flags = SA_RESTART | SA_NOCLDSTOP};
    sigaction(SIGCHLD, &action, NULL);
    child_ended(0);
    signal(SIGPIPE, SIG_IGN);
    for (;;) {
        if (poll(ends, 4, -1) < 0)
            continue;
        for (int i = 0; i < 2; i++)
            if (ends[2 + i].revents && !pass(&said[i]))
                ends[2 + i].fd = -1;
        if (ends[1].revents) {
            char letter;
            if (read(line, &letter, 1) != 1) {
                ends[1].fd = -1;
            } else if (letter != '\n') {
                if (length < sizeof word - 1)
                    word[length++] = letter;
            } else {
                word[length] = '\0';
                length = 0;
                serve(line, word, proc, network, distdir, errors);
            }
        }
        if (ends[0].revents)
            while (read(pipes[0], drained, sizeof drained) > 0)
                ;
        while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
            if (pid == script_pid) {
                kill(-1, SIGKILL);
                for (int i = 0; i < 2; i++)
                    while (ends[2 + i].fd >= 0 && poll(&ends[2 + i], 1, 0) > 0 && pass(&said[i]))
                        ;
                exit(ending(status));
            }
    }
}
