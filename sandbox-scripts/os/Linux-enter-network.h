/*
 * Linux-enter-network.h - blocks addresses of the network of the host in the phase that fetches, part of Linux-enter.c: loopback and link-local
 * addresses (services of the host, metadata of clouds), except port 53 for name lookup. BPF programs attached to a control group of
 * version 2 do it, as long as the descriptors of their links are open. They need root and Linux 5.7; without them, or with
 * BULK_FETCH_LOCAL, all addresses can be reached.
 */
#define FIELD(to, name) {.code = BPF_LDX | BPF_W | BPF_MEM, .dst_reg = to, .src_reg = BPF_REG_6, .off = offsetof(struct bpf_sock_addr, name)}
#define SET(to, value) {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = to, .imm = value}
#define COPY(to, from) {.code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = to, .src_reg = from}
#define MASK(to, value) {.code = BPF_ALU | BPF_AND | BPF_K, .dst_reg = to, .imm = (int)(value)}
#define SAME(one, value, skip) {.code = BPF_JMP32 | BPF_JEQ | BPF_K, .dst_reg = one, .off = skip, .imm = (int)(value)}
#define OTHER(one, value, skip) {.code = BPF_JMP32 | BPF_JNE | BPF_K, .dst_reg = one, .off = skip, .imm = (int)(value)}
#define END {.code = BPF_JMP | BPF_EXIT}
/* Register 0 is the result, 1: allowed; 6 points to the request. Addresses and ports are in network order on a little-endian machine. */
#define BEGIN COPY(BPF_REG_6, BPF_REG_1), SET(BPF_REG_0, 1), FIELD(BPF_REG_2, user_port), OTHER(BPF_REG_2, 53 << 8, 1), END
/* 0/8, 127/8 and 169.254/16 in register 2 are refused, all others allowed. */
#define OF_VERSION_4 COPY(BPF_REG_3, BPF_REG_2), MASK(BPF_REG_3, 0xff), SAME(BPF_REG_3, 127, 4), SAME(BPF_REG_3, 0, 3), \
    MASK(BPF_REG_2, 0xffff), SAME(BPF_REG_2, 0xfea9, 1), END, SET(BPF_REG_0, 0), END

static int guard_group = -1;  /* a control group of version 2 */
static int guard_joins;       /* the fetching process is not in it yet */

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
static const struct bpf_insn guard_of_4[] = {BEGIN, FIELD(BPF_REG_2, user_ip4), OF_VERSION_4};
static const struct bpf_insn guard_of_6[] = {
    BEGIN, FIELD(BPF_REG_2, user_ip6[0]), COPY(BPF_REG_3, BPF_REG_2), MASK(BPF_REG_3, 0xc0ff), OTHER(BPF_REG_3, 0x80fe, 2), SET(BPF_REG_0, 0), END,
    SAME(BPF_REG_2, 0, 1), END, FIELD(BPF_REG_2, user_ip6[1]), SAME(BPF_REG_2, 0, 1), END,
    FIELD(BPF_REG_2, user_ip6[2]), OTHER(BPF_REG_2, 0, 2), SET(BPF_REG_0, 0), END, /* ::1 and :: */
    SAME(BPF_REG_2, 0xffff0000, 1), END, FIELD(BPF_REG_2, user_ip6[3]), OF_VERSION_4, /* ::ffff:127.0.0.1 */
};

/* Guards the control group from now on, if possible; the caller closes LINKS afterwards. */
static void guard(int links[4])
{
    static const struct { enum bpf_attach_type type; const struct bpf_insn *program; unsigned length; } table[] = {
        {BPF_CGROUP_INET4_CONNECT, guard_of_4, sizeof guard_of_4 / sizeof *guard_of_4},
        {BPF_CGROUP_UDP4_SENDMSG, guard_of_4, sizeof guard_of_4 / sizeof *guard_of_4},
        {BPF_CGROUP_INET6_CONNECT, guard_of_6, sizeof guard_of_6 / sizeof *guard_of_6},
        {BPF_CGROUP_UDP6_SENDMSG, guard_of_6, sizeof guard_of_6 / sizeof *guard_of_6},
    };
    const char *open = getenv("BULK_FETCH_LOCAL");

    for (int i = 0; i < 4; i++)
        links[i] = -1;
    if (guard_group < 0 || (open && *open))
        return;
    for (int i = 0; i < 4; i++) {
        union bpf_attr load, link;
        memset(&load, 0, sizeof load);
        memset(&link, 0, sizeof link);
        load.prog_type = BPF_PROG_TYPE_CGROUP_SOCK_ADDR;
        load.expected_attach_type = table[i].type;
        load.insns = (unsigned long)table[i].program;
        load.insn_cnt = table[i].length;
        load.license = (unsigned long)"";
        int program = (int)syscall(SYS_bpf, BPF_PROG_LOAD, &load, sizeof load);
        if (program < 0)
            return;
        link.link_create.prog_fd = program;
        link.link_create.target_fd = guard_group;
        link.link_create.attach_type = table[i].type;
        links[i] = (int)syscall(SYS_bpf, BPF_LINK_CREATE, &link, sizeof link);
        close(program);
        if (links[i] < 0)
            return;
    }
}
#else
static void guard(int links[4]) { links[0] = links[1] = links[2] = links[3] = -1; }
#endif

static void unguard(const int links[4])
{
    for (int i = 0; i < 4; i++)
        if (links[i] >= 0)
            close(links[i]);
}
