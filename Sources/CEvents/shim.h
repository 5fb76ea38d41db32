// What the kernel tells a waiting thread, and what a process asks of its memory: Swift's Glibc leaves these headers out.
#include <malloc.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

// How many processors the thread may run on. The C library shows its set of them only where _GNU_SOURCE is defined, and
// with that its other types are no longer those of Swift's Glibc.
static inline int tapedeck_processor_count(void) {
    unsigned long set[128] = {0};
    long bytes = syscall(SYS_sched_getaffinity, 0, sizeof set, set);
    int count = 0;
    for (long word = 0; word < bytes / (long)sizeof *set; word++) count += __builtin_popcountl(set[word]);
    return count > 0 ? count : 1;
}
