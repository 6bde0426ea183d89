/*
 * Linux-enter-confine.h - what is taken from a process before it runs anything that a package can change, part of Linux-enter.c: capabilities
 * over the machine, system calls, keyrings, what the caller of make had set.
 */
#define KEEP(cap) (1ULL << (cap))
#define KEPT (KEEP(CAP_CHOWN) | KEEP(CAP_DAC_OVERRIDE) | KEEP(CAP_FOWNER) | KEEP(CAP_FSETID) | KEEP(CAP_KILL) | KEEP(CAP_SETGID) | \
              KEEP(CAP_SETUID) | KEEP(CAP_SETPCAP) | KEEP(CAP_NET_BIND_SERVICE) | KEEP(CAP_SYS_CHROOT) | KEEP(CAP_SETFCAP))
/* inside/phases.sh has one harmless capability more than the commands of a package, which therefore cannot trace it. */
#define KEPT_BY_PHASES (KEPT | KEEP(CAP_LEASE))
#define NEW_NAMESPACES (CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | 0x02000000 /* cgroup */ | 0x80 /* time */)

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define LOW(number) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[number]))
#define RETURN(what) BPF_STMT(BPF_RET | BPF_K, what)
#define SAY(error) RETURN(SECCOMP_RET_ERRNO | (error))
#define UNLESS(value, skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip)
#define UNLESS_ANY(bits, skip) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, 0, skip)
#define REFUSE(call, error) UNLESS(call, 1), SAY(error)

/*
 * The calls of one architecture that are refused. From 424 on numbers are the same everywhere: open_tree move_mount fsopen fsconfig fsmount
 * fspick, io_uring, clone3 (which a filter cannot look into; libc then uses clone), mount_setattr.
 */
#define REFUSED_EVERYWHERE \
    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 425, 0, 4), BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 433, 3, 0), \
    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 428, 0, 1), SAY(EPERM), SAY(ENOSYS), \
    REFUSE(435, ENOSYS), REFUSE(442, EPERM), REFUSE(467 /* open_tree_attr */, EPERM), REFUSE(457 /* statmount */, ENOSYS)

/* With one argument looked at: CALL, the test, which skips one when the call is allowed. */
#define NAMESPACES(call, argument) UNLESS(call, 4), LOW(argument), UNLESS_ANY(NEW_NAMESPACES, 1), SAY(EPERM), RETURN(SECCOMP_RET_ALLOW)
#define TERMINALS(call) UNLESS(call, 6), LOW(1), UNLESS(0x5412 /* TIOCSTI */, 1), SAY(EPERM), UNLESS(0x541c /* TIOCLINUX */, 1), \
    SAY(EPERM), RETURN(SECCOMP_RET_ALLOW)
#define REALTIME(call) UNLESS(call, 9), LOW(1), BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xff), UNLESS(1, 1), SAY(EPERM), UNLESS(2, 1), \
    SAY(EPERM), UNLESS(6, 1), SAY(EPERM), RETURN(SECCOMP_RET_ALLOW)
#define REALTIME_IO(call) UNLESS(call, 5), LOW(2), BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xe000), UNLESS(0x2000, 1), SAY(EPERM), \
    RETURN(SECCOMP_RET_ALLOW)
/* Sockets with a name in the file system or without one (those of the host, in its network) and of virtual machines. */
#define LOCAL_SOCKETS(call) UNLESS(call, 6), LOW(0), UNLESS(AF_VSOCK, 1), SAY(EAFNOSUPPORT), UNLESS(AF_UNIX, 1), SAY(EAFNOSUPPORT), \
    RETURN(SECCOMP_RET_ALLOW)

#if defined __x86_64__
static const struct sock_filter refused_calls[] = {
    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1), SAY(ENOSYS), /* x32 */
    TERMINALS(16), NAMESPACES(56, 0), NAMESPACES(272, 0), REALTIME(144), REALTIME_IO(251),
    REFUSE(248, EPERM), REFUSE(249, EPERM), REFUSE(250, EPERM), /* add_key request_key keyctl */
    REFUSE(165, EPERM), REFUSE(166, EPERM), REFUSE(155, EPERM), /* mount umount2 pivot_root */
    REFUSE(308, EPERM), REFUSE(304, EPERM), REFUSE(321, EPERM), REFUSE(298, EPERM), REFUSE(323, EPERM), /* setns open_by_handle_at bpf perf userfaultfd */
    REFUSE(246, EPERM), REFUSE(320, EPERM), REFUSE(175, EPERM), REFUSE(313, EPERM), REFUSE(176, EPERM), /* kexec, modules */
    REFUSE(314, EPERM), REFUSE(167, EPERM), REFUSE(168, EPERM), REFUSE(169, EPERM), REFUSE(163, EPERM), /* sched_setattr swapon swapoff reboot acct */
    REFUSE(103, EPERM), REFUSE(179, EPERM), REFUSE(212, ENOSYS), REFUSE(172, EPERM), REFUSE(173, EPERM), /* syslog quotactl lookup_dcookie iopl ioperm */
    REFUSED_EVERYWHERE, RETURN(SECCOMP_RET_ALLOW),
};
#define NATIVE AUDIT_ARCH_X86_64
#define SOCKET 41
/* Programs of 32 bits. */
static const struct sock_filter refused_calls_of_32[] = {
    TERMINALS(54), NAMESPACES(120, 0), NAMESPACES(310, 0), REALTIME(156), REALTIME_IO(289),
    REFUSE(286, EPERM), REFUSE(287, EPERM), REFUSE(288, EPERM), REFUSE(21, EPERM), REFUSE(22, EPERM), REFUSE(52, EPERM), REFUSE(217, EPERM),
    REFUSE(346, EPERM), REFUSE(342, EPERM), REFUSE(357, EPERM), REFUSE(336, EPERM), REFUSE(374, EPERM), REFUSE(283, EPERM),
    REFUSE(128, EPERM), REFUSE(350, EPERM), REFUSE(129, EPERM), REFUSE(351, EPERM), REFUSE(87, EPERM), REFUSE(115, EPERM),
    REFUSE(88, EPERM), REFUSE(51, EPERM), REFUSE(103, EPERM), REFUSE(131, EPERM), REFUSE(110, EPERM), REFUSE(101, EPERM),
    REFUSED_EVERYWHERE, RETURN(SECCOMP_RET_ALLOW),
};
#define SECOND AUDIT_ARCH_I386
#elif defined __aarch64__
static const struct sock_filter refused_calls[] = {
    TERMINALS(29), NAMESPACES(220, 0), NAMESPACES(97, 0), REALTIME(119), REALTIME_IO(30),
    REFUSE(217, EPERM), REFUSE(218, EPERM), REFUSE(219, EPERM), REFUSE(40, EPERM), REFUSE(39, EPERM), REFUSE(41, EPERM),
    REFUSE(268, EPERM), REFUSE(265, EPERM), REFUSE(280, EPERM), REFUSE(241, EPERM), REFUSE(282, EPERM), REFUSE(104, EPERM),
    REFUSE(294, EPERM), REFUSE(105, EPERM), REFUSE(273, EPERM), REFUSE(106, EPERM), REFUSE(274, EPERM), REFUSE(224, EPERM),
    REFUSE(225, EPERM), REFUSE(142, EPERM), REFUSE(89, EPERM), REFUSE(116, EPERM), REFUSE(60, EPERM),
    REFUSED_EVERYWHERE, RETURN(SECCOMP_RET_ALLOW),
};
#define NATIVE AUDIT_ARCH_AARCH64
#define SOCKET 198
#endif

#ifdef NATIVE
static size_t add(struct sock_filter *filter, size_t length, const struct sock_filter *more, size_t bytes)
{
    memcpy(filter + length, more, bytes);
    return length + bytes / sizeof *more;
}

/* The rules for one architecture; the filter comes to what follows them for any other. */
static size_t add_rules(struct sock_filter *filter, size_t length, unsigned arch, const struct sock_filter *rules, size_t bytes)
{
    const struct sock_filter head[] = {LOAD(arch), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, arch, 1, 0),
        BPF_STMT(BPF_JMP | BPF_JA, 1 + (unsigned)(bytes / sizeof *rules)), LOAD(nr)};

    return add(filter, add(filter, length, head, sizeof head), rules, bytes);
}

/* ONLINE: in the host's network, where local sockets lead to the host. */
static void filter_calls(int online)
{
    const struct sock_filter sockets[] = {LOCAL_SOCKETS(SOCKET)}, others[] = {SAY(ENOSYS)};
    struct sock_filter filter[700], native[350];
    size_t length = 0, count = 0;

    if (online)
        count = add(native, count, sockets, sizeof sockets);
    count = add(native, count, refused_calls, sizeof refused_calls);
    length = add_rules(filter, length, NATIVE, native, count * sizeof *native);
#ifdef SECOND
    if (!online)
        length = add_rules(filter, length, SECOND, refused_calls_of_32, sizeof refused_calls_of_32);
#endif
    length = add(filter, length, others, sizeof others);
    struct sock_fprog program = {.len = (unsigned short)length, .filter = filter};
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
        fail("filter", "system calls");
}
#else
static void filter_calls(int online) { (void)online; }
#endif

static void keep_capabilities(unsigned long long kept)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[2] = {{0}};

    for (int cap = 0; prctl(PR_CAPBSET_READ, cap) >= 0; cap++)
        if (!(kept >> cap & 1) && prctl(PR_CAPBSET_DROP, cap))
            fail("drop", "a capability");
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    for (int i = 0; i < 2; i++)
        sets[i].effective = sets[i].permitted = (unsigned)(kept >> 32 * i);
    if (syscall(SYS_capset, &header, sets))
        fail("drop", "capabilities");
}

/* Limits, priority and the like that make's caller had are none of a package's. Who is not root can only lower limits. */
static void forget_caller(void)
{
    static const struct { int which; rlim_t soft, hard; } table[] = {
        {RLIMIT_CPU, RLIM_INFINITY, RLIM_INFINITY}, {RLIMIT_FSIZE, RLIM_INFINITY, RLIM_INFINITY},
        {RLIMIT_DATA, RLIM_INFINITY, RLIM_INFINITY}, {RLIMIT_AS, RLIM_INFINITY, RLIM_INFINITY},
        {RLIMIT_STACK, 8 << 20, RLIM_INFINITY}, {RLIMIT_CORE, 0, RLIM_INFINITY}, {RLIMIT_NOFILE, 1024, 524288},
        {RLIMIT_NPROC, RLIM_INFINITY, RLIM_INFINITY}, {RLIMIT_MEMLOCK, 8 << 20, 8 << 20}, {RLIMIT_RTPRIO, 0, 0},
        {RLIMIT_NICE, 0, 0}, {RLIMIT_MSGQUEUE, 819200, 819200},
    };

    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct rlimit wanted = {table[i].soft, table[i].hard}, had;
        if (setrlimit(table[i].which, &wanted) == 0 || getrlimit(table[i].which, &had))
            continue;
        wanted.rlim_max = wanted.rlim_max < had.rlim_max ? wanted.rlim_max : had.rlim_max;
        wanted.rlim_cur = wanted.rlim_cur < wanted.rlim_max ? wanted.rlim_cur : wanted.rlim_max;
        setrlimit(table[i].which, &wanted);
    }
    struct sched_param none = {0};
    int policy = sched_getscheduler(0);
    if (policy != SCHED_BATCH && policy != SCHED_IDLE && policy != SCHED_OTHER)
        sched_setscheduler(0, SCHED_OTHER, &none);
    if (getpriority(PRIO_PROCESS, 0) < 0)
        setpriority(PRIO_PROCESS, 0, 0);
    personality(personality(0xffffffff) & PER_MASK);
    umask(022);
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
    sigset_t none_blocked;
    sigemptyset(&none_blocked);
    sigprocmask(SIG_SETMASK, &none_blocked, NULL);
}

/* The environment: settings (BULK_), but none that is for the host alone. */
static void keep_settings(char **environment)
{
    static const char *host[] = {"BULK_HOOK=", "BULK_SIGN=", "BULK_PUBLISH=", "BULK_SSH=", "BULK_JOB=", "BULK_CALLER="};
    char **to = environment;

    for (char **from = environment; *from; from++) {
        int kept = !strncmp(*from, "BULK_", 5) || !strncmp(*from, "TERM=", 5);
        for (size_t i = 0; i < sizeof host / sizeof *host; i++)
            kept = kept && strncmp(*from, host[i], strlen(host[i]));
        if (kept)
            *to++ = *from;
    }
    *to = NULL;
}

/* Becomes root of the sandbox and nobody's else. NETWORK: the namespace to be in, -1 for the host's. */
static void confine(int network)
{
    if (network >= 0 && setns(network, CLONE_NEWNET))
        fail("enter", "the sandbox's network");
    if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) < 0 && errno != ENOSYS && errno != EDQUOT)
        fail("make", "a session keyring");
    if (ids_fd >= 0 && setns(ids_fd, CLONE_NEWUSER))
        fail("enter", "the sandbox's user namespace");
    if (setgroups(0, NULL) || setresgid(0, 0, 0) || setresuid(0, 0, 0))
        fail("become", "root of the sandbox");
    filter_calls(network < 0);
    keep_capabilities(KEPT_BY_PHASES);
}
