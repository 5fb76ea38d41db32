// What the kernel tells a waiting thread: Swift's Glibc leaves these headers out.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
