/*
 * Linux-enter-look.h - the look of a build's watch (host/watch.sh) at files and disks, part of Linux-enter.c: one process instead of ten
 * for each look.
 *   enter room MIN DISK...   status 0 if no file system of the DISKs is nearly full (the rule of host/disk.awk)
 *   enter look NAP MIN LOGDIR OUT DISK... -- COMMAND...   becomes COMMAND, whose standard input gets a line every NAP seconds:
 *     BYTES MB FILES ROOM: bytes in the files of both directories except OUT/distfiles, the number of names there, and `-`, or
 *     KIND BEFORE DISK of a nearly full one: k (kB) or i (inodes), and how many were free at the beginning.
 */
#define MANY 200001 /* names; a place with more of them, or nested deeper than DEEP, is not looked at any further */
#define DEEP 3000

static unsigned long long look_bytes, look_files;

/* Adds up the directory NAME; follows no link. NOT is the name of a directory there whose bytes do not count. */
static void look_into(int at, const char *name, const char *not, int depth, int counts)
{
    struct dirent *entry;
    struct stat facts;
    int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *stream = fd < 0 ? NULL : fdopendir(fd);

    while (stream && look_files < MANY && (entry = readdir(stream))) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..") || fstatat(fd, entry->d_name, &facts, AT_SYMLINK_NOFOLLOW))
            continue;
        look_files++;
        if (counts && S_ISREG(facts.st_mode))
            look_bytes += facts.st_size;
        if (S_ISDIR(facts.st_mode) && depth == DEEP)
            look_files = MANY;
        else if (S_ISDIR(facts.st_mode))
            look_into(fd, entry->d_name, NULL, depth + 1, counts && (!not || strcmp(entry->d_name, not)));
    }
    if (stream)
        closedir(stream);
}

struct room { unsigned long long kb, inodes; };

/* Returns k or i if DISK is nearly full, else 0. A file system that does not count something is never full of it. */
static char look_room(const char *disk, unsigned long long min, struct room *room)
{
    struct statvfs facts;

    if (statvfs(disk, &facts))
        return 0;
    room->kb = (unsigned long long)facts.f_bavail * facts.f_frsize / 1024;
    room->inodes = facts.f_ffree;
    if (facts.f_blocks && room->kb < min * 1024)
        return 'k';
    return facts.f_files && room->inodes < 1000 && room->inodes < facts.f_files / 20 ? 'i' : 0;
}

static int rooms(char **argv)
{
    const unsigned long long min = strtoull(*argv++, NULL, 10);
    struct room room;

    for (; *argv; argv++)
        if (look_room(*argv, min, &room))
            return 1;
    return 0;
}

static void look_on(unsigned nap, unsigned long long min, char **dirs, char **disks, size_t number)
{
    struct room before[16], now;

    for (size_t i = 0; i < number; i++)
        look_room(disks[i], min, &before[i]);
    for (;;) {
        char kind = 0;
        size_t i;
        sleep(nap);
        look_bytes = look_files = 0;
        look_into(AT_FDCWD, dirs[0], NULL, 0, 1);
        look_into(AT_FDCWD, dirs[1], "distfiles", 0, 1);
        for (i = 0; i < number && !(kind = look_room(disks[i], min, &now)); i++)
            ;
        int failed = printf("%llu %llu %llu ", look_bytes, look_bytes >> 20, look_files) < 0;
        failed |= (kind ? printf("%c %llu %s\n", kind, kind == 'k' ? before[i].kb : before[i].inodes, disks[i]) : printf("-\n")) < 0;
        if (fflush(stdout) || failed)
            return;
    }
}

static int look(char **argv)
{
    char **disks = argv + 4;
    size_t number = 0;
    int line[2];

    while (disks[number] && strcmp(disks[number], "--"))
        number++;
    if (!disks[number] || number > 16 || pipe2(line, O_CLOEXEC))
        return 64;
    const pid_t parent = getpid(), child = fork();
    if (child < 0)
        return 75;
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent || dup2(line[1], 1) < 0)
            return 1;
        struct rlimit open_files; /* a descriptor for each level of DEEP */
        if (getrlimit(RLIMIT_NOFILE, &open_files) == 0) {
            open_files.rlim_cur = open_files.rlim_max;
            setrlimit(RLIMIT_NOFILE, &open_files);
        }
        look_on((unsigned)atoi(argv[0]), strtoull(argv[1], NULL, 10), argv + 2, disks, number);
        return 0;
    }
    if (dup2(line[0], 0) < 0)
        return 75;
    execvp(disks[number + 1], disks + number + 1);
    return 75;
}
