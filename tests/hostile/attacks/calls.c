/*
 * calls.c NAME... - tries the system calls named (all without names), prints `BREACH: NAME` for each that the kernel allows.
 * Each is tried in a process of its own and does no harm where it succeeds.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/fs.h>
#include <linux/perf_event.h>
#include <linux/vm_sockets.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <unistd.h>

static int newuser(void) { return unshare(CLONE_NEWUSER) == 0; }
static int newuser_mount(void) { return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0; }
static int newuser_clone(void)
{
    long pid = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
    if (pid == 0) _exit(0);
    return pid > 0;
}
static int newuser_clone3(void)
{
    unsigned long long arguments[8] = {CLONE_NEWUSER, 0, 0, 0, SIGCHLD};
    long pid = syscall(435, arguments, sizeof arguments);
    if (pid == 0) _exit(0);
    return pid > 0;
}
static int newnet(void) { return unshare(CLONE_NEWNET) == 0; }
static int keys(void) { return syscall(SYS_add_key, "user", "attack", "x", 1, -3) > 0; }
static int keys_user(void) { return syscall(SYS_keyctl, 0, -4, 1) > 0; }
static int keys_request(void) { return syscall(SYS_request_key, "user", "nobody-has-it", NULL, -3) >= 0 || (errno != EPERM && errno != ENOSYS); }
#if defined __x86_64__
/* The same calls by the other two doors of the kernel, past filters that count the calls of one. */
static long old_door(long number, long a, long b, long c, long d, long e)
{
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e) : "memory", "r8", "r9", "r10", "r11");
    return result;
}
static int door32_newuser(void) { return old_door(310, CLONE_NEWUSER, 0, 0, 0, 0) == 0; }
static int door32_keys(void) { return old_door(288, 0, -4, 1, 0, 0) > 0; }
static int doorx32_newuser(void) { return syscall(0x40000000 | SYS_unshare, CLONE_NEWUSER) == 0; }
static int doorx32_keys(void) { return syscall(0x40000000 | SYS_keyctl, 0, -4, 1) > 0; }
#endif
static int io_uring(void)
{
    char zero[256] = {0};
    return syscall(425, 1, zero) >= 0;
}
static int bpf(void)
{
    union bpf_attr a;
    memset(&a, 0, sizeof a);
    a.map_type = BPF_MAP_TYPE_ARRAY;
    a.key_size = a.value_size = 4;
    a.max_entries = 1;
    return syscall(SYS_bpf, BPF_MAP_CREATE, &a, sizeof a) >= 0;
}
static int perf(void)
{
    struct perf_event_attr a = {.type = PERF_TYPE_SOFTWARE, .size = sizeof a, .config = PERF_COUNT_SW_CPU_CLOCK, .exclude_kernel = 1};
    return syscall(SYS_perf_event_open, &a, 0, -1, -1, 0) >= 0;
}
static int faults(void) { return syscall(SYS_userfaultfd, O_CLOEXEC | 1) >= 0 || syscall(SYS_userfaultfd, O_CLOEXEC) >= 0; }
static int mounts(void) { return mkdir("/tmp/attack-mnt", 0755) + 2 && mount("a", "/tmp/attack-mnt", "tmpfs", 0, "") == 0; }
static int fs_open(void) { return syscall(430, "tmpfs", 0) >= 0; }
static int detached(void) { return syscall(428, AT_FDCWD, "/", 1) >= 0; }
static int setattr_(void)
{
    unsigned long long change[4] = {MS_NOEXEC};
    return syscall(442, AT_FDCWD, "/proc", 0, change, sizeof change) == 0;
}
static int pivot(void) { return syscall(SYS_pivot_root, ".", ".") == 0 || errno != EPERM; }
static int handle(void)
{
    struct { struct file_handle h; char room[128]; } f = {.h.handle_bytes = 128};
    int id, dir = open("/", O_RDONLY);
    if (name_to_handle_at(AT_FDCWD, "/usr/bin", &f.h, &id, 0))
        return 0;
    close(dir);
    dir = open("/usr/bin", O_RDONLY);
    return open_by_handle_at(dir, &f.h, O_RDONLY) >= 0;
}
static int device(void) { return mknod("/tmp/attack-node", S_IFBLK | 0600, makedev(7, 0)) == 0 && unlink("/tmp/attack-node") == 0; }
static int first_trace(void) { return ptrace(PTRACE_SEIZE, 1, 0, 0) == 0; }
static int first_memory(void) { return open("/proc/1/mem", O_RDWR) >= 0; }
static int first_descriptor(void)
{
    int first = syscall(434, 1, 0);
    for (int i = 0; first >= 0 && i < 64; i++)
        if (syscall(438, first, i, 0) >= 0)
            return 1;
    return 0;
}
static int first_namespace(void)
{
    static const char *names[] = {"net", "mnt", "pid", "ipc", "uts", "user"};
    char path[64];
    for (int i = 0; i < 6; i++) {
        snprintf(path, sizeof path, "/proc/1/ns/%s", names[i]);
        int fd = open(path, O_RDONLY);
        if (fd >= 0 && setns(fd, 0) == 0)
            return 1;
    }
    return 0;
}
static int first_death(void) { return getppid() != 1 && kill(1, SIGKILL) == 0 && (usleep(200000), kill(1, 0)) != 0; }
static int realtime(void)
{
    struct sched_param p = {.sched_priority = 1};
    return sched_setscheduler(0, SCHED_FIFO, &p) == 0;
}
static int deadline(void)
{
    struct { unsigned size, policy; unsigned long long flags; int nice; unsigned priority; unsigned long long run, dead, period; } a =
        {sizeof a, 6, 0, 0, 0, 1000000, 10000000, 10000000};
    return syscall(SYS_sched_setattr, 0, &a, 0) == 0;
}
static int urgent(void) { return setpriority(PRIO_PROCESS, 0, -20) == 0; }
static int io_first(void) { return syscall(SYS_ioprio_set, 1, 0, (1 << 13) | 0) == 0; }
static int limits(void)
{
    struct rlimit r;
    getrlimit(RLIMIT_NOFILE, &r);
    r.rlim_max += 1;
    return setrlimit(RLIMIT_NOFILE, &r) == 0;
}
static int clock_(void)
{
    struct timex t = {0};
    if (adjtimex(&t) < 0) return 0;
    t.modes = ADJ_FREQUENCY;
    return adjtimex(&t) >= 0;
}
static int module(void) { return syscall(SYS_init_module, "x", 1, "") == 0 || errno != EPERM; }
static int kexec(void) { return syscall(SYS_kexec_load, 0, 0, 0, 0xffff) == 0 || (errno != EPERM && errno != ENOSYS); }
static int kernel_log(void)
{
    char text[64];
    return syscall(SYS_syslog, 3, text, sizeof text) >= 0;
}
static int swap(void) { return syscall(SYS_swapoff, "/nonexistent") == 0 || errno != EPERM; }
static int host_name(void) { return sethostname("attacked", 8) == 0; }
static int immutable(void)
{
    int fd = open("/tmp/attack-fixed", O_CREAT | O_RDWR, 0600), flags = 0;
    if (ioctl(fd, FS_IOC_GETFLAGS, &flags)) return 0;
    flags |= FS_IMMUTABLE_FL;
    if (ioctl(fd, FS_IOC_SETFLAGS, &flags)) return 0;
    flags &= ~FS_IMMUTABLE_FL;
    ioctl(fd, FS_IOC_SETFLAGS, &flags);
    return 1;
}
/* Whoever opens the file for writing then waits for us, 45 seconds by default. */
static int lease(void)
{
    const char *file = getenv("LEASE_ON");
    int fd = file ? open(file, O_RDONLY) : -1;
    return fd >= 0 && fcntl(fd, F_SETLEASE, F_RDLCK) == 0;
}
static int typed(void)
{
    int tty = open("/dev/ptmx", O_RDWR | O_NOCTTY), zero = 0, number;
    char path[32];
    setsid();
    if (tty < 0 || ioctl(tty, TIOCSPTLCK, &zero) || ioctl(tty, TIOCGPTN, &number)) return 0;
    snprintf(path, sizeof path, "/dev/pts/%d", number);
    int own = open(path, O_RDWR);
    return own >= 0 && ioctl(own, TIOCSCTTY, 1) + 1 && ioctl(own, TIOCSTI, "x") == 0;
}
static int typed_wide(void) /* with more bits than the kernel looks at, past filters that compare all 64 */
{
    int tty = open("/dev/ptmx", O_RDWR | O_NOCTTY), zero = 0, number;
    char path[32];
    setsid();
    if (tty < 0 || ioctl(tty, TIOCSPTLCK, &zero) || ioctl(tty, TIOCGPTN, &number)) return 0;
    snprintf(path, sizeof path, "/dev/pts/%d", number);
    int own = open(path, O_RDWR);
    return own >= 0 && ioctl(own, TIOCSCTTY, 1) + 1 && syscall(SYS_ioctl, own, 0x100000000UL | TIOCSTI, "x") == 0;
}
/* Kinds of sockets that no build needs: each is a driver to attack, and some lead to the host, whatever the network namespace. */
static int families(void)
{
    for (int family = 0; family < 50; family++)
        for (int type = 1; type < 6; type++)
            if (family != AF_UNIX && family != AF_INET && family != AF_INET6 && family != AF_NETLINK && socket(family, type, 0) >= 0)
                return 1;
    return 0;
}
static int hypervisor(void) { return socket(AF_VSOCK, SOCK_STREAM, 0) >= 0; }
static int kernel_crypto(void) { return socket(AF_ALG, SOCK_SEQPACKET, 0) >= 0; }
static int netlink(void)
{
    for (int protocol = 1; protocol < 32; protocol++)
        if (socket(AF_NETLINK, SOCK_RAW, protocol) >= 0)
            return 1;
    return 0;
}
static int protocols(void)
{
    for (int protocol = 2; protocol < 300; protocol++)
        for (int type = 1; type < 6; type++)
            if (protocol != IPPROTO_TCP && protocol != IPPROTO_UDP && protocol != IPPROTO_ICMPV6 && socket(AF_INET, type, protocol) >= 0)
                return 1;
    return 0;
}
#if defined __x86_64__
static int door32_hypervisor(void) { return old_door(359, AF_VSOCK, SOCK_STREAM, 0, 0, 0) >= 0; }
static int door32_socketcall(void)
{
    unsigned *low = mmap((void *)0x10000000, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    low[0] = AF_VSOCK, low[1] = SOCK_STREAM, low[2] = 0;
    return old_door(102, 1, (long)low, 0, 0, 0) >= 0;
}
static int door32_lease(void)
{
    const char *file = getenv("LEASE_ON");
    int fd = file ? open(file, O_RDONLY) : -1;
    return fd >= 0 && (old_door(55, fd, F_SETLEASE, F_RDLCK, 0, 0) == 0 || old_door(221, fd, F_SETLEASE, F_RDLCK, 0, 0) == 0);
}
#endif
/* What the kernel counts by user or for the whole machine. */
static int watchers(void)
{
    for (int i = 0; i < 64; i++)
        if (inotify_init1(0) < 0)
            return 0;
    return 1;
}
static int asynchronous(void)
{
    unsigned long context = 0;
    return syscall(SYS_io_setup, 1000, &context) == 0;
}
static int access_watch(void) { return syscall(SYS_fanotify_init, 0x200, 0) >= 0; }
static int many_terminals(void)
{
    for (int i = 0; i < 400; i++)
        if (open("/dev/ptmx", O_RDWR | O_NOCTTY) < 0)
            return 0;
    return 1;
}
/* Another driver for a terminal: the kernel loads it. */
static int discipline(void)
{
    int tty = open("/dev/ptmx", O_RDWR | O_NOCTTY), line = 3;
    return tty >= 0 && (ioctl(tty, TIOCSETD, &line) == 0 || errno != EPERM);
}

/* Descriptors of those who run us, who may know a way to more rights. */
static int other_descriptor(void)
{
    for (int pid = getppid() - 1; pid > 1; pid--) {
        int other = syscall(434, pid, 0);
        for (int i = 3; other >= 0 && i < 64; i++) {
            int fd = syscall(438, other, i, 0);
            struct stat facts;
            if (fd >= 0 && fstat(fd, &facts) == 0 && (S_ISSOCK(facts.st_mode) || S_ISFIFO(facts.st_mode)))
                return 1;
        }
    }
    return 0;
}
static int inherited(void)
{
    for (int i = 3; i < 256; i++)
        if (fcntl(i, F_GETFD) >= 0)
            return 1;
    return 0;
}

static const struct { const char *name; int (*try)(void); } all[] = {
    {"newuser", newuser}, {"newuser_mount", newuser_mount}, {"newuser_clone", newuser_clone},
    {"newuser_clone3", newuser_clone3}, {"newnet", newnet}, {"keys", keys}, {"keys_user", keys_user}, {"keys_request", keys_request},
#if defined __x86_64__
    {"door32_newuser", door32_newuser}, {"door32_keys", door32_keys}, {"doorx32_newuser", doorx32_newuser}, {"doorx32_keys", doorx32_keys},
#endif
    {"io_uring", io_uring}, {"bpf", bpf}, {"perf", perf}, {"userfaultfd", faults}, {"mount", mounts}, {"fsopen", fs_open},
    {"detached", detached}, {"mount_setattr", setattr_}, {"pivot_root", pivot}, {"handle", handle}, {"device", device},
    {"first_trace", first_trace}, {"first_memory", first_memory}, {"first_descriptor", first_descriptor},
    {"first_namespace", first_namespace}, {"first_death", first_death}, {"realtime", realtime}, {"deadline", deadline},
    {"urgent", urgent}, {"io_first", io_first}, {"limits", limits}, {"clock", clock_}, {"module", module}, {"kexec", kexec},
    {"kernel_log", kernel_log}, {"swap", swap}, {"host_name", host_name}, {"immutable", immutable}, {"lease", lease},
    {"typed", typed}, {"typed_wide", typed_wide}, {"hypervisor", hypervisor}, {"families", families},
    {"kernel_crypto", kernel_crypto}, {"netlink", netlink}, {"protocols", protocols}, {"watchers", watchers}, {"asynchronous", asynchronous},
    {"access_watch", access_watch}, {"many_terminals", many_terminals}, {"discipline", discipline},
#if defined __x86_64__
    {"door32_hypervisor", door32_hypervisor}, {"door32_socketcall", door32_socketcall}, {"door32_lease", door32_lease},
#endif
    {"other_descriptor", other_descriptor}, {"inherited", inherited},
};

int main(int argc, char **argv)
{
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        int wanted = argc < 2, status;
        for (int j = 1; j < argc; j++)
            wanted |= strcmp(argv[j], all[i].name) == 0;
        if (!wanted)
            continue;
        pid_t pid = fork();
        if (pid == 0)
            _exit(all[i].try());
        waitpid(pid, &status, 0);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 1)
            printf("BREACH: %s\n", all[i].name);
    }
    return 0;
}
