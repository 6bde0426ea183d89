/*
 * Linux-enter-confine.h - removes rights from a process before it runs anything that a package can change, part of Linux-enter.c: capabilities
 * over the machine, system calls, keyrings, settings inherited from the caller of make.
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
#define ALLOW RETURN(SECCOMP_RET_ALLOW)
#define SAY(error) RETURN(SECCOMP_RET_ERRNO | (error))
#define UNLESS(value, skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip)
#define IF(value, skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, skip, 0)
#define UNLESS_ANY(bits, skip) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, 0, skip)
#define REFUSE(call, error) UNLESS(call, 1), SAY(error)

/*
 * From 424 on numbers are the same everywhere: open_tree move_mount fsopen fsconfig fsmount fspick, io_uring, clone3 (which a filter
 * cannot look into; libc then uses clone), mount_setattr quotactl_fd statmount listmount open_tree_attr.
 */
#define REFUSED_EVERYWHERE \
    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 425, 0, 4), BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 433, 3, 0), \
    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 428, 0, 1), SAY(EPERM), SAY(ENOSYS), \
    REFUSE(435, ENOSYS), REFUSE(442, EPERM), REFUSE(443, EPERM), REFUSE(457, ENOSYS), REFUSE(458, ENOSYS), REFUSE(467, EPERM)

/* Rules that test one argument: CALL, the test, which skips one instruction if the call is allowed. */
#define NAMESPACES(call, argument) UNLESS(call, 4), LOW(argument), UNLESS_ANY(NEW_NAMESPACES, 1), SAY(EPERM), ALLOW
#define TERMINALS(call) UNLESS(call, 8), LOW(1), UNLESS(0x5412 /* TIOCSTI */, 1), SAY(EPERM), UNLESS(0x541c /* TIOCLINUX */, 1), SAY(EPERM), \
    UNLESS(0x5423 /* TIOCSETD, which loads drivers */, 1), SAY(EPERM), ALLOW
#define REALTIME(call) UNLESS(call, 9), LOW(1), BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xff), UNLESS(1, 1), SAY(EPERM), UNLESS(2, 1), \
    SAY(EPERM), UNLESS(6, 1), SAY(EPERM), ALLOW
#define REALTIME_IO(call) UNLESS(call, 5), LOW(2), BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xe000), UNLESS(0x2000, 1), SAY(EPERM), ALLOW
/* To open a leased file for writing waits for the lease holder, and all sandboxes see the files of the host. */
#define LEASES(call) UNLESS(call, 4), LOW(1), UNLESS(1024 /* F_SETLEASE */, 1), SAY(EPERM), ALLOW
/*
 * Allowed sockets are local ones if LOCAL is set (in the network of the host they reach the host), those of TCP, UDP and ICMP, and the one
 * by which a process reads its addresses. Refused are those of virtual machines (AF_VSOCK), for which there are no namespaces, and all others.
 */
#define SOCKETS(call, local) UNLESS(call, 19), LOW(0), UNLESS(AF_UNIX, 1), local, UNLESS(AF_NETLINK, 4), LOW(2), \
    UNLESS(0 /* NETLINK_ROUTE */, 1), ALLOW, SAY(EPROTONOSUPPORT), IF(AF_INET, 2), IF(AF_INET6, 1), SAY(EAFNOSUPPORT), LOW(2), \
    IF(0, 4), IF(IPPROTO_TCP, 3), IF(IPPROTO_UDP, 2), IF(IPPROTO_ICMP, 1), UNLESS(IPPROTO_ICMPV6, 1), ALLOW, SAY(EPROTONOSUPPORT)
#define PAIRS(call) UNLESS(call, 4), LOW(0), UNLESS(AF_UNIX, 1), ALLOW, SAY(EAFNOSUPPORT)

#if defined __x86_64__
#define NATIVE AUDIT_ARCH_X86_64
#define SECOND AUDIT_ARCH_I386
#elif defined __aarch64__
#define NATIVE AUDIT_ARCH_AARCH64
#endif

#ifdef NATIVE
static const struct sock_filter refused_calls[] = {
#ifdef __x86_64__
    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1), SAY(ENOSYS), /* x32 */
    REFUSE(SYS_iopl, EPERM), REFUSE(SYS_ioperm, EPERM),
#endif
    TERMINALS(SYS_ioctl), LEASES(SYS_fcntl), NAMESPACES(SYS_clone, 0), NAMESPACES(SYS_unshare, 0), PAIRS(SYS_socketpair),
    REALTIME(SYS_sched_setscheduler), REFUSE(SYS_sched_setattr, EPERM), REALTIME_IO(SYS_ioprio_set),
    REFUSE(SYS_add_key, EPERM), REFUSE(SYS_request_key, EPERM), REFUSE(SYS_keyctl, EPERM),
    REFUSE(SYS_mount, EPERM), REFUSE(SYS_umount2, EPERM), REFUSE(SYS_pivot_root, EPERM), REFUSE(SYS_setns, EPERM),
    REFUSE(SYS_open_by_handle_at, EPERM), REFUSE(SYS_bpf, EPERM), REFUSE(SYS_perf_event_open, EPERM), REFUSE(SYS_userfaultfd, EPERM),
    REFUSE(SYS_fanotify_init, EPERM), REFUSE(SYS_io_setup, ENOSYS), /* of which the machine has a number for all */
    REFUSE(SYS_kexec_load, EPERM), REFUSE(SYS_kexec_file_load, EPERM), REFUSE(SYS_init_module, EPERM), REFUSE(SYS_finit_module, EPERM),
    REFUSE(SYS_delete_module, EPERM), REFUSE(SYS_swapon, EPERM), REFUSE(SYS_swapoff, EPERM), REFUSE(SYS_reboot, EPERM),
    REFUSE(SYS_acct, EPERM), REFUSE(SYS_syslog, EPERM), REFUSE(SYS_quotactl, EPERM), REFUSE(SYS_lookup_dcookie, ENOSYS),
    REFUSED_EVERYWHERE, ALLOW,
};
#ifdef SECOND
/* Programs of 32 bits, by the numbers of i386. socketcall (102), which a filter cannot look into, is refused: libc has others. */
static const struct sock_filter refused_calls_of_32[] = {
    TERMINALS(54), LEASES(55), LEASES(221), NAMESPACES(120, 0), NAMESPACES(310, 0), PAIRS(360), REFUSE(102, ENOSYS), REALTIME(156), REALTIME_IO(289),
    REFUSE(286, EPERM), REFUSE(287, EPERM), REFUSE(288, EPERM), REFUSE(21, EPERM), REFUSE(22, EPERM), REFUSE(52, EPERM), REFUSE(217, EPERM),
    REFUSE(346, EPERM), REFUSE(342, EPERM), REFUSE(357, EPERM), REFUSE(336, EPERM), REFUSE(374, EPERM), REFUSE(338, EPERM), REFUSE(245, ENOSYS),
    REFUSE(283, EPERM), REFUSE(128, EPERM), REFUSE(350, EPERM), REFUSE(129, EPERM), REFUSE(351, EPERM), REFUSE(87, EPERM), REFUSE(115, EPERM),
    REFUSE(88, EPERM), REFUSE(51, EPERM), REFUSE(103, EPERM), REFUSE(131, EPERM), REFUSE(110, EPERM), REFUSE(101, EPERM), REFUSE(253, ENOSYS),
    REFUSED_EVERYWHERE, ALLOW,
};
#endif

static size_t add(struct sock_filter *filter, size_t length, const struct sock_filter *more, size_t bytes)
{
    memcpy(filter + length, more, bytes);
    return length + bytes / sizeof *more;
}

/* The rules for one architecture, sockets first; for other architectures the filter jumps over them. */
static size_t add_rules(struct sock_filter *filter, size_t length, unsigned arch, const struct sock_filter *sockets, size_t sockets_bytes,
    const struct sock_filter *rules, size_t bytes)
{
    const struct sock_filter head[] = {LOAD(arch), IF(arch, 1),
        BPF_STMT(BPF_JMP | BPF_JA, 1 + (unsigned)((sockets_bytes + bytes) / sizeof *rules)), LOAD(nr)};

    length = add(filter, length, head, sizeof head);
    return add(filter, add(filter, length, sockets, sockets_bytes), rules, bytes);
}

/* ONLINE: in the network of the host. */
static void filter_calls(int online)
{
    const struct sock_filter local = RETURN(online ? SECCOMP_RET_ERRNO | EAFNOSUPPORT : SECCOMP_RET_ALLOW);
    const struct sock_filter sockets[] = {SOCKETS(SYS_socket, local)}, others[] = {SAY(ENOSYS)};
    struct sock_filter filter[700];
    size_t length = add_rules(filter, 0, NATIVE, sockets, sizeof sockets, refused_calls, sizeof refused_calls);

#ifdef SECOND
    const struct sock_filter sockets_of_32[] = {SOCKETS(359, local)};
    length = add_rules(filter, length, SECOND, sockets_of_32, sizeof sockets_of_32, refused_calls_of_32, sizeof refused_calls_of_32);
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

/* Resets limits, priority and the like, which the caller of make had. Unprivileged users can only lower limits. */
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

/* The environment: settings (BULK_), except those for the host only. */
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

/* Becomes root of only the sandbox. NETWORK: the network namespace to enter, -1 for that of the host. */
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
