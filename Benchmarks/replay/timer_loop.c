// How late a bare loop of an absolute timer wakes: what the machine allows, whoever asks.
//
//   timer_loop RATE SECONDS
//
// A timerfd in an epoll set, as the replay's own loop waits. Prints the 50th and the 99th percentile in microseconds.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int ascending(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

int main(int argc, char **argv) {
    if (argc != 3) return fprintf(stderr, "timer_loop RATE SECONDS\n"), 2;
    double rate = atof(argv[1]);
    size_t count = (size_t)(rate * atof(argv[2]));
    int64_t *late = malloc((count + 1) * sizeof *late), start = now() + 20000000;
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK), set = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN};
    epoll_ctl(set, EPOLL_CTL_ADD, timer, &event);
    for (size_t index = 0; index < count; index++) {
        int64_t due = start + (int64_t)((double)index / rate * 1e9);
        if (due > now()) {
            struct itimerspec when = {.it_value = {due / 1000000000, due % 1000000000}};
            timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, NULL);
            epoll_wait(set, &event, 1, -1);
            uint64_t expirations;
            if (read(timer, &expirations, sizeof expirations) < 0) return 1;
        }
        late[index] = now() - due;
    }
    qsort(late, count, sizeof *late, ascending);
    printf("%.0f %.0f\n", (double)late[count / 2] / 1e3, (double)late[count * 99 / 100] / 1e3);
}
