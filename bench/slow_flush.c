/* Every fsync and fdatasync of a process takes SLOW_FLUSH_US microseconds longer: a disk without a write cache.
   cc -O2 -shared -fPIC -o slow_flush.so slow_flush.c -ldl; then LD_PRELOAD=slow_flush.so SLOW_FLUSH_US=1000 postgres ... */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

typedef int (*flush)(int);

static void wait_for_the_disk(void)
{
    const char *text = getenv("SLOW_FLUSH_US");
    long us = text ? atol(text) : 0;
    struct timespec pause = {us / 1000000, us % 1000000 * 1000};
    nanosleep(&pause, NULL);
}

int fsync(int fd)
{
    static flush real;
    if (!real) real = (flush)dlsym(RTLD_NEXT, "fsync");
    wait_for_the_disk();
    return real(fd);
}

int fdatasync(int fd)
{
    static flush real;
    if (!real) real = (flush)dlsym(RTLD_NEXT, "fdatasync");
    wait_for_the_disk();
    return real(fd);
}
