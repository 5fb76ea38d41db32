// What the kernel tells a waiting thread: Swift's Glibc leaves these headers out.
#define _GNU_SOURCE
#include <sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>

// The macros that look into a set of processors are not seen from Swift.
static inline int tapedeck_processor_count(void) {
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}
