/*
 * Linux-enter.c MNT FSTAB SCRIPT ARG... - makes a sandbox's namespaces, mounts what FSTAB lists, makes MNT/root the root,
 * drops every sight of the host, runs SCRIPT (a name below the scripts directory) in a session of its own, and waits for
 * it. It does what os_sandbox does with setpriv, unshare and Linux-enter.sh where there is no C compiler; each of the
 * programs that those start costs more than half of all the mounts. Dies with the process BULK_BUILDER, which starts it;
 * the sandbox dies with it. BULK_CGROUPS are the control groups to enter. In a user namespace no way leads back to the
 * host's network, so SCRIPT starts in that, and descriptor 9 is the one of the sandbox, with nothing but a loopback.
 * Exit: SCRIPT's status, 128 and the signal that ended it; 64 without arguments; 75 when the sandbox could not be set up
 * (the machine failed, not the package); 130 when the builder is gone.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <mntent.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SYS_MOUNT_SETATTR 442
#define AT_WITH_ALL_BELOW 0x8000

static void fail(const char *what, const char *which)
{
    fprintf(stderr, "pkgmkgen: sandbox: cannot %s %s: %s\n", what, which, strerror(errno));
    exit(75);
}

/* MS_ flags of mount's words; the other words, which are the file system's, go to DATA, which can hold them all. */
static unsigned long flags_of(char *words, char *data, size_t size)
{
    static const struct { const char *word; unsigned long flag; } table[] = {
        {"bind", MS_BIND}, {"ro", MS_RDONLY}, {"nosuid", MS_NOSUID}, {"nodev", MS_NODEV}, {"noexec", MS_NOEXEC},
        {"X-mount.mkdir", 0},
    };
    const size_t all = sizeof table / sizeof *table;
    unsigned long flags = 0;
    size_t length = 0, i;

    *data = '\0';
    for (char *word = strtok(words, ","); word; word = strtok(NULL, ",")) {
        for (i = 0; i < all && strcmp(word, table[i].word); i++)
            ;
        if (i < all)
            flags |= table[i].flag;
        else
            length += snprintf(data + length, size - length, "%s%s", length ? "," : "", word);
    }
    return flags;
}

static void make_directories(char *path)
{
    for (char *end = path; end; ) {
        if ((end = strchr(end + 1, '/')))
            *end = '\0';
        if (mkdir(path, 0755) && errno != EEXIST)
            fail("make the directory", path);
        if (end)
            *end = '/';
    }
}

/* What the file system at DIR is forbidden already, which a user namespace may not allow again; same bits as MS_. */
static unsigned long kept_flags(const char *dir)
{
    struct statvfs facts;

    if (statvfs(dir, &facts))
        fail("look at", dir);
    return facts.f_flag & (ST_RDONLY | ST_NOSUID | ST_NODEV | ST_NOEXEC);
}

/* In a user namespace a directory on which others are mounted can only be bound with those. */
static void bind_to(const char *from, const char *dir, unsigned long flags)
{
    if (mount(from, dir, NULL, MS_BIND, NULL) == 0) {
        if (flags && mount(NULL, dir, NULL, MS_REMOUNT | MS_BIND | flags | kept_flags(dir), NULL))
            fail("protect", dir);
        return;
    }
    if (errno != EINVAL || mount(from, dir, NULL, MS_BIND | MS_REC, NULL))
        fail("bind to", dir);
    unsigned long long change[4] = {flags}; /* struct mount_attr, since Linux 5.12; what to set has the bits of MS_ */
    if (flags && syscall(SYS_MOUNT_SETATTR, AT_FDCWD, dir, AT_WITH_ALL_BELOW, change, sizeof change))
        fail("protect all of", dir);
}

static void mount_all(const char *fstab)
{
    FILE *file = setmntent(fstab, "re");
    struct mntent *line;
    char data[4096];

    if (!file)
        fail("read", fstab);
    while ((line = getmntent(file))) {
        if (hasmntopt(line, "X-mount.mkdir"))
            make_directories(line->mnt_dir);
        unsigned long flags = flags_of(line->mnt_opts, data, sizeof data);
        if (flags & MS_BIND)
            bind_to(line->mnt_fsname, line->mnt_dir, flags & ~MS_BIND);
        else if (mount(line->mnt_fsname, line->mnt_dir, line->mnt_type, flags, data))
            fail("mount", line->mnt_dir);
    }
    endmntent(file);
}

/* Version 1 has a file for single threads, like this one: to move a whole process can wait for all processors. */
static void enter_groups(char *groups)
{
    char path[4096];

    for (char *group = strtok(groups, " "); group; group = strtok(NULL, " ")) {
        snprintf(path, sizeof path, "%s/tasks", group);
        int fd = open(path, O_WRONLY | O_CLOEXEC);
        if (fd < 0) {
            snprintf(path, sizeof path, "%s/cgroup.procs", group);
            fd = open(path, O_WRONLY | O_CLOEXEC);
        }
        if (fd < 0 || write(fd, "0", 1) != 1)
            fail("enter the control group", group);
        close(fd);
    }
}

static void lo_up(void)
{
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (fd >= 0) {
        ioctl(fd, SIOCSIFFLAGS, &request);
        close(fd);
    }
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

/* Descriptor 9 becomes the network namespace of the process PARENT. */
static void keep_network_of(pid_t parent)
{
    char path[64];

    snprintf(path, sizeof path, "/proc/%d/ns/net", (int)parent);
    int fd = open(path, O_RDONLY);
    if (fd < 0 || (fd != 9 && (dup2(fd, 9) < 0 || close(fd))))
        fail("open", path);
}

/* The first process of the namespaces. */
static void enter(const char *mnt, const char *fstab, char **argv)
{
    char script[4096], *groups = getenv("BULK_CGROUPS"), *tty = getenv("BULK_TTY");

    umask(022);
    if (groups)
        enter_groups(strdup(groups));
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
        fail("keep to itself", "/");
    mount_all(fstab);
    if (chdir(mnt) || chdir("root") || syscall(SYS_pivot_root, ".", "sandbox/old") || chdir("/"))
        fail("make the root what is at", mnt);
    if (umount2("/sandbox/old", MNT_DETACH))
        fail("let go of", "the host's root");
    if (setgroups(0, NULL))
        fail("leave", "the caller's groups");
    /* What a shell starts in the background ignores ^C; what a package starts must not inherit that. */
    signal(SIGINT, SIG_DFL);
    signal(SIGQUIT, SIG_DFL);
    if (!tty || !*tty)
        setsid();
    setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
    snprintf(script, sizeof script, "/sandbox/scripts/%s", argv[1]);
    argv[0] = "sh";
    argv[1] = script;
    execvp("sh", argv);
    fail("start", "sh");
}

int main(int argc, char **argv)
{
    const char *builder = getenv("BULK_BUILDER");
    struct pollfd alive = {.events = POLLIN};
    int life[2], ready[2], status, user = in_user_namespace();
    pid_t child, parent = getpid();
    char word = 0;
    sigset_t quiet, before;

    if (argc < 4 || !builder)
        return 64;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != atoi(builder))
        return 130;
    sigemptyset(&quiet);
    sigaddset(&quiet, SIGINT);
    sigaddset(&quiet, SIGTERM);
    sigprocmask(SIG_BLOCK, &quiet, &before);
    if (pipe2(life, O_CLOEXEC) || pipe2(ready, O_CLOEXEC))
        fail("make", "a pipe");
    if (unshare(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | (user ? 0 : CLONE_NEWNET)))
        fail("make", "namespaces");
    if (!user)
        lo_up();
    if ((child = fork()) < 0)
        fail("start", "a process");
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(life[1]); /* the other process may have died before this one was bound to it: then nobody holds it */
        alive.fd = life[0];
        if (poll(&alive, 1, 0))
            return 130;
        sigprocmask(SIG_SETMASK, &before, NULL);
        close(ready[1]);
        if (user) {
            if (read(ready[0], &word, 1) != 1)
                return 130;
            keep_network_of(parent);
        }
        enter(argv[1], argv[2], argv + 2);
    }
    if (user) { /* now this process leaves the host's network, and the child does not */
        if (unshare(CLONE_NEWNET))
            fail("make", "a network namespace");
        lo_up();
        if (write(ready[1], &word, 1) != 1)
            fail("write to", "a pipe");
    }
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            fail("wait for", "a sandbox");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
