/*
 * Linux-enter.c MNT FSTAB SCRIPT ARG... - makes a sandbox, runs SCRIPT (a name below the scripts directory; `-` for nothing)
 * in it, and waits for it. Three processes:
 *   the outer process belongs to the host: it makes the namespaces, is in the network of the sandbox, and dies with BULK_BUILDER, its parent;
 *   the keeper is the first process of the sandbox: it mounts the rows of FSTAB, makes MNT/root the root, and has all rights. It never runs a
 *   program, so that a package can never replace its code. On request it does the steps that need a right (serve());
 *   SCRIPT has the rights of the root phases of a package (Linux-enter-confine.h). A package may take it over, so each request
 *   must be harmless from any sender.
 * Commands for the host, since dynamically linked programs would take longer than all the rest: `make DIR...`; `remove DIR...`,
 * which fails with status 1 if it cannot remove something at once; `settle DIR`, see settle_all(); `room` and `look` (Linux-enter-look.h);
 * `leash PARENT COMMAND...` becomes COMMAND, which dies with the process PARENT that started it: status 130 if that has ended before.
 * BULK_IDS is `FIRST COUNT`: COUNT ids from FIRST on; the user namespace of the sandbox gets 65536 of them; empty: none.
 * BULK_POOL is the server of the pool of jobs (Linux-pool.c): the sandbox ends with it, since its tokens would be given to others.
 * BULK_CGROUPS are the control groups to enter; BULK_GUARD is one of version 2 for the process that fetches, if those are of version 1. BULK_DATA: input and output of SCRIPT are data for
 * the caller of make, passed on unchanged.
 * Exit: SCRIPT's status (2, a package failed, becomes 3 if its work directory is full, 4 if its root is); 128 and the signal that
 * ended it; 64 without arguments; 75 when the sandbox could not be set up
 * (the machine failed, not the package); 130 when the builder has ended.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/keyctl.h>
#include <linux/seccomp.h>
#include <mntent.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

extern char **environ;

#include "Linux-enter-mounts.h"
#include "Linux-enter-confine.h"
#include "Linux-enter-network.h"
#include "Linux-enter-look.h"

#define ASKING 9 /* the end of SCRIPT of the connection to the keeper */
#define SCRIPTS "/sandbox/scripts/"

static pid_t script_pid;

/* Version 1 has a file for single threads, like this one: moving a whole process can wait for all processors. */
static void enter_groups(char *groups)
{
    char path[4096];

    for (char *group = strtok(groups, " "); group; group = strtok(NULL, " ")) {
        snprintf(path, sizeof path, "%s/tasks", group);
        int fd = open(path, O_WRONLY | O_CLOEXEC);
        if (fd < 0) {
            guard_group = open(group, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
            snprintf(path, sizeof path, "%s/cgroup.procs", group);
            fd = open(path, O_WRONLY | O_CLOEXEC);
        }
        if (fd < 0 || write(fd, "0", 1) != 1)
            fail("enter the control group", group);
        close(fd);
    }
    const char *guarding = getenv("BULK_GUARD");
    guard_joins = guard_group < 0 && guarding && *guarding;
    if (guard_joins)
        guard_group = open(guarding, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int write_to(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    int status = fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text);

    if (fd >= 0)
        close(fd);
    return status;
}

/* A network with only a loopback interface, whose low ports all users may bind. */
static void make_network(void)
{
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};

    if (unshare(CLONE_NEWNET))
        fail("make", "a network namespace");
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd >= 0) {
        ioctl(fd, SIOCSIFFLAGS, &request);
        close(fd);
    }
    write_to("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0");
}

/* The number of the calling process in /proc, which may be that of another process namespace. */
static int self(void)
{
    char number[16] = "";

    if (readlink("/proc/self", number, sizeof number - 1) < 0)
        fail("read", "/proc/self");
    return atoi(number);
}

/*
 * The user namespace of the sandbox, with 65536 ids from ids_base on. They differ from those of most running sandboxes, since the kernel
 * counts resources by user. Resources that it also counts for root of the host have low limits in each sandbox.
 */
static void make_ids(const char *ids)
{
    char path[64], map[64], *rest;
    int line[2], number = 0;

    ids_base = (unsigned)strtoul(ids, &rest, 10);
    const unsigned ranges = (unsigned)strtoul(rest, NULL, 10) / 65536;
    ids_base += ranges ? (unsigned)getpid() % ranges * 65536 : 0;
    if (pipe2(line, O_CLOEXEC))
        fail("make", "a pipe");
    const pid_t parent = getpid();
    pid_t child = fork();
    if (child < 0)
        fail("start", "a process");
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() == parent && !unshare(CLONE_NEWUSER)) {
            number = self();
            write_to("/proc/sys/user/max_inotify_instances", "16");
            write_to("/proc/sys/user/max_inotify_watches", "8192");
        }
        if (number && write(line[1], &number, sizeof number) > 0)
            pause();
        _exit(1);
    }
    close(line[1]);
    if (read(line[0], &number, sizeof number) != sizeof number || !number)
        fail("make", "a user namespace");
    put(map, sizeof map, "0 %u 65536", ids_base);
    if (write_to(put(path, sizeof path, "/proc/%d/uid_map", number), map) ||
        write_to(put(path, sizeof path, "/proc/%d/gid_map", number), map))
        fail("write", path);
    ids_fd = open(put(path, sizeof path, "/proc/%d/ns/user", number), O_RDONLY | O_CLOEXEC);
    if (ids_fd < 0)
        fail("open", path);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(line[0]);
}

/* Starts sh with SCRIPT confined: INPUT, OUTPUT, ERRORS become its first descriptors; TTY: they are its own terminal. */
static pid_t start(char **argv, int network, const int descriptors[3], int asking, int tty)
{
    pid_t child = fork();

    if (child != 0)
        return child;
    prctl(PR_SET_DUMPABLE, 1);
    if (network < 0 && guard_joins && guard_group >= 0) {
        int procs = openat(guard_group, "cgroup.procs", O_WRONLY | O_CLOEXEC);
        if (procs < 0 || write(procs, "0", 1) != 1)
            fail("enter", "the control group of what fetches");
    }
    forget_caller();
    setsid();
    for (int i = 0; i < 3; i++)
        if (dup2(descriptors[i], i) < 0 || fcntl(i, F_SETFD, 0))
            _exit(75);
    if (asking >= 0 && (dup2(asking, ASKING) < 0 || fcntl(ASKING, F_SETFD, 0)))
        _exit(75);
    if (tty)
        ioctl(0, TIOCSCTTY, 0);
    confine(network);
    syscall(SYS_close_range, asking >= 0 ? ASKING + 1 : 3, ~0U, 0);
    if (asking >= 0)
        syscall(SYS_close_range, 3, ASKING - 1, 0);
    keep_settings(environ);
    setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
    execv("/bin/sh", argv);
    fail("start", "/bin/sh");
    return -1;
}

#include "Linux-enter-keeper.h" /* it starts processes by start() */

/* The first process of the namespaces; NETWORK is that of the sandbox. */
static void keeper(const char *mnt, const char *fstab, char **argv, int network)
{
    char script[4096], *distdir = getenv("BULK_DISTDIR");
    const int data = getenv("BULK_DATA") != NULL;
    int line[2], out[2], err[2], in = 0;

    if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
        fail("keep to itself", "/");
    mount_all(mnt, fstab);
    if (chdir(mnt) || chdir("root") || syscall(SYS_pivot_root, ".", "sandbox/old") || chdir("/"))
        fail("make the root what is at", mnt);
    if (umount2("/sandbox/old", MNT_DETACH))
        fail("let go of", "the host's root");
    if (setgroups(0, NULL))
        fail("leave", "the caller's groups");
    if (!strcmp(argv[0], "-"))
        _exit(0);
    prctl(PR_SET_DUMPABLE, 0);
    DIR *proc = opendir("/proc");
    if (!proc)
        fail("open", "/proc");
    int dist = distdir ? open(distdir, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line) || pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC))
        fail("make", "a pipe");
    if (!data && (in = open("/dev/null", O_RDONLY | O_CLOEXEC)) < 0)
        fail("open", "/dev/null");
    places[0] = open("/sandbox/work", O_PATH | O_DIRECTORY | O_CLOEXEC);
    places[1] = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    put(script, sizeof script, SCRIPTS "%s", argv[0]);
    argv[0] = script;
    argv--;
    argv[0] = "sh";
    script_pid = start(argv, network, (int[]){in, data ? 1 : out[1], err[1]}, line[1], 0);
    if (script_pid < 0)
        fail("start", "a process");
    close(line[1]);
    close(out[1]);
    keep(line[0], (struct said[]){{.from = out[0], .to = 1, .data = data}, {.from = err[0], .to = 2, .data = data}}, proc, network, dist, err[1]);
}

static int in_user_namespace(void)
{
    char map[64];
    int fd = open("/proc/self/uid_map", O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? -1 : read(fd, map, sizeof map - 1);

    if (length < 0)
        return 0; /* a kernel without such namespaces */
    close(fd);
    map[length] = '\0';
    return !strstr(map, "4294967295");
}

/* A control group has files, but the directory can be removed. */
static int remove_all(int at, const char *name)
{
    if (unlinkat(at, name, AT_REMOVEDIR) == 0 || errno == ENOENT)
        return 0;
    if (errno != ENOTEMPTY && errno != EEXIST)
        return 1;
    int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), failed = 0;
    DIR *stream = fd < 0 ? NULL : fdopendir(fd);
    struct dirent *entry;
    if (!stream)
        return 1;
    while ((entry = readdir(stream)))
        if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
            failed |= unlinkat(fd, entry->d_name, 0) && (errno != EISDIR || remove_all(fd, entry->d_name));
    closedir(stream);
    return failed || unlinkat(at, name, AT_REMOVEDIR);
}

/*
 * Gives the files in NAME, which a sandbox with ids from BASE on has written, the same ids without BASE. A change of owner takes the
 * set-user-id bits away. Hard links are met more than once.
 */
static int settle_all(int at, const char *name, unsigned base)
{
    struct stat facts;
    struct dirent *entry;
    int failed = 0;

    if (fstatat(at, name, &facts, AT_SYMLINK_NOFOLLOW))
        return 1;
    if (facts.st_uid >= base || facts.st_gid >= base) {
        const unsigned user = facts.st_uid >= base ? facts.st_uid - base : facts.st_uid;
        const unsigned group = facts.st_gid >= base ? facts.st_gid - base : facts.st_gid;
        failed |= fchownat(at, name, user, group, AT_SYMLINK_NOFOLLOW) != 0;
        if (facts.st_mode & (S_ISUID | S_ISGID) && !S_ISLNK(facts.st_mode))
            failed |= fchmodat(at, name, facts.st_mode & 07777, 0) != 0;
    }
    if (!S_ISDIR(facts.st_mode))
        return failed;
    int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *stream = fd < 0 ? NULL : fdopendir(fd);
    if (!stream)
        return 1;
    while ((entry = readdir(stream)))
        if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
            failed |= settle_all(fd, entry->d_name, base);
    closedir(stream);
    return failed;
}

static int settle(const char *dir)
{
    struct stat facts;

    if (stat(dir, &facts))
        return 1;
    return facts.st_uid ? settle_all(AT_FDCWD, dir, facts.st_uid) : 0;
}

static int command(char **argv)
{
    int failed = 0;

    if (!strcmp(*argv, "settle"))
        return argv[1] ? settle(argv[1]) : 64;
    if (!strcmp(*argv, "remove"))
        while (*++argv)
            failed |= remove_all(AT_FDCWD, *argv);
    else if (!strcmp(*argv, "make"))
        while (*++argv && !failed)
            if ((failed = mkdir(*argv, 0777)))
                fprintf(stderr, "pkgmkgen: cannot make %s: %s\n", *argv, strerror(errno));
    return failed ? 1 : 0;
}

/* Waits for a process; kills it if the server of the pool of jobs ends. */
static int await(pid_t child)
{
    const char *pool = getenv("BULK_POOL");
    int status;

    if (pool && *pool) {
        struct pollfd ends[] = {{.fd = syscall(SYS_pidfd_open, child, 0), .events = POLLIN}, {.fd = syscall(SYS_pidfd_open, atoi(pool), 0), .events = POLLIN}};
        if (ends[0].fd < 0 || ends[1].fd < 0)
            kill(child, SIGKILL);
        else
            while (poll(ends, 2, -1) < 0 && errno == EINTR)
                ;
        if (!ends[0].revents)
            kill(child, SIGKILL);
    }
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            fail("wait for", "a sandbox");
    return status;
}

/* The parent may have ended before this process was bound to it: then nothing would end this one. */
static int bound_to(const char *parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    return getppid() == atoi(parent);
}

static int leash(char **argv)
{
    if (!bound_to(argv[0]))
        return 130;
    execvp(argv[1], argv + 1);
    fprintf(stderr, "pkgmkgen: cannot run %s: %s\n", argv[1], strerror(errno));
    return errno == ENOENT ? 127 : 126;
}

int main(int argc, char **argv)
{
    const char *builder = getenv("BULK_BUILDER"), *ids = getenv("BULK_IDS");
    char *groups = getenv("BULK_CGROUPS"), path[64], word = 0;
    struct pollfd alive = {.events = POLLIN};
    int life[2], ready[2];
    pid_t child;
    sigset_t quiet;

    if (argc > 1 && (!strcmp(argv[1], "remove") || !strcmp(argv[1], "make") || !strcmp(argv[1], "settle")))
        return command(argv + 1);
    if (argc > 2 && !strcmp(argv[1], "room"))
        return rooms(argv + 2);
    if (argc > 6 && !strcmp(argv[1], "look"))
        return look(argv + 2);
    if (argc > 3 && !strcmp(argv[1], "leash"))
        return leash(argv + 2);
    if (argc < 4 || !builder)
        return 64;
    if (!bound_to(builder))
        return 130;
    syscall(SYS_close_range, 3, ~0U, 0);
    sigemptyset(&quiet);
    sigaddset(&quiet, SIGINT);
    sigaddset(&quiet, SIGTERM);
    sigprocmask(SIG_BLOCK, &quiet, NULL);
    umask(022);
    if (in_user_namespace())
        setenv("BULK_USERXATTR", "yes", 1);
    else if (ids && *ids)
        make_ids(ids);
    const int parent = self();
    if (pipe2(life, O_CLOEXEC) || pipe2(ready, O_CLOEXEC))
        fail("make", "a pipe");
    if (unshare(CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS))
        fail("make", "namespaces");
    if ((child = fork()) < 0)
        fail("start", "a process");
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(life[1]); /* the other process may have died before this one was bound to it: then nothing ends this one */
        alive.fd = life[0];
        if (poll(&alive, 1, 0))
            return 130;
        close(ready[1]);
        if (groups)
            enter_groups(strdup(groups));
        if (read(ready[0], &word, 1) != 1)
            return 130;
        int network = open(put(path, sizeof path, "/proc/%d/ns/net", parent), O_RDONLY | O_CLOEXEC);
        if (network < 0)
            fail("open", path);
        keeper(argv[1], argv[2], argv + 3, network);
    }
    make_network(); /* the keeper stays in that of the host */
    if (write(ready[1], &word, 1) != 1)
        fail("write to", "a pipe");
    const int status = await(child);
    reclaim(argv[2]);
    return status_of(status);
}
