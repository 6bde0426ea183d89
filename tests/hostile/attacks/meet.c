/*
 * meet.c leave SECONDS | find - leaves what another may find who shares more with us than they should: System V memory and
 * an abstract socket; `find` says what it finds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    struct sockaddr_un place = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    const char *key = getenv("MEET");

    if (argc < 2 || !key)
        return 64;
    snprintf(place.sun_path + 1, sizeof place.sun_path - 1, "attack-%s", key);
    if (strcmp(argv[1], "leave") == 0) {
        int memory = shmget(atoi(key), 4096, IPC_CREAT | 0666);
        if (bind(fd, (struct sockaddr *)&place, sizeof place) || listen(fd, 5))
            return 1;
        puts("left");
        fflush(stdout);
        sleep(argc > 2 ? atoi(argv[2]) : 1);
        shmctl(memory, IPC_RMID, NULL);
        return 0;
    }
    if (shmget(atoi(key), 4096, 0666) >= 0)
        puts("BREACH: memory of another");
    if (connect(fd, (struct sockaddr *)&place, sizeof place) == 0)
        puts("BREACH: socket of another");
    return 0;
}
