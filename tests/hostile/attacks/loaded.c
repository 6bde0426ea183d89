/* loaded.c - a library that is loaded into programs of others: says where it finds rights that a package has not. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

__attribute__((constructor)) static void loaded(void)
{
#ifdef SPEAKS /* on what may be the terminal of a person */
    if (write(2, "FORGED: built openssl-9\n", 24) < 0)
        return;
#endif
#ifdef FAILS /* so that a script that trusts its own programs tells of the machine's failure */
    static const char *const programs[] = {"mkdir", "ln", "cp", "chown", "find", "du"};
    for (int i = 0; i < 6; i++)
        if (strcmp(program_invocation_short_name, programs[i]) == 0)
            _exit(75);
#endif
    char line[200];
    unsigned long long rights = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status))
        if (sscanf(line, "CapEff: %llx", &rights) == 1)
            break;
    if (status)
        fclose(status);
    if (!(rights >> 21 & 1)) /* CAP_SYS_ADMIN */
        return;
    int fd = open("/sandbox/log/loaded.log", O_WRONLY | O_CREAT | O_APPEND, 0644);
    int length = snprintf(line, sizeof line, "BREACH: loaded with the rights %llx\n", rights);
    if (fd >= 0 && write(fd, line, length) == length)
        close(fd);
    mkdir("/mnt", 0755);
    if (mount("attack", "/mnt", "tmpfs", 0, "") == 0) {
        fd = open("/sandbox/log/loaded.log", O_WRONLY | O_APPEND);
        if (write(fd, "BREACH: loaded, mounts\n", 23) == 23)
            close(fd);
    }
}

#ifdef PROGRAM /* in the place of the loader: every program of the sandbox is then this one */
int main(void)
{
    return 0;
}
#endif
