// A target that takes its time: every request is answered SECONDS after it came, whatever else waits.
//
//   slow_responder PORT SECONDS
//
// Prints a line as soon as it listens; ends with its standard input. Requests need a Content-Length or no body.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { DESCRIPTORS = 65536, ROOM = 4096 };

static const char answer[] =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{\"ok\":true}";

// Requests are due in the order in which they came, so a ring is a queue by time.
static struct { int descriptor; int64_t due; } *waiting;
static size_t first, last, capacity = 1 << 17;
static char *text[DESCRIPTORS];
static int length[DESCRIPTORS];

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void take(int descriptor, int64_t due) {
    char *bytes = text[descriptor], *end;
    while ((end = memmem(bytes, (size_t)length[descriptor], "\r\n\r\n", 4))) {
        end += 4;
        *(end - 1) = 0;
        char *field = strcasestr(bytes, "content-length:");
        *(end - 1) = '\n';
        long body = field ? atol(field + 15) : 0, left = length[descriptor] - (end - bytes) - body;
        if (left < 0) return;
        memmove(bytes, end + body, (size_t)left);
        length[descriptor] = (int)left;
        waiting[last % capacity].descriptor = descriptor;
        waiting[last++ % capacity].due = due;
    }
}

int main(int argc, char **argv) {
    if (argc != 3) return fprintf(stderr, "slow_responder PORT SECONDS\n"), 2;
    int64_t delay = (int64_t)(atof(argv[2]) * 1e9);
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    waiting = malloc(capacity * sizeof *waiting);
    int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), set = epoll_create1(0);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 8192)) return perror("listen"), 2;
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[512];
    epoll_ctl(set, EPOLL_CTL_ADD, listener, &event);
    event.data.fd = STDIN_FILENO;
    epoll_ctl(set, EPOLL_CTL_ADD, STDIN_FILENO, &event);
    printf("listening\n");
    fflush(stdout);
    for (;;) {
        int64_t left = first == last ? 1000000000 : waiting[first % capacity].due - now();
        int found = epoll_wait(set, events, 512, left <= 0 ? 0 : (int)(left / 1000000) + 1);
        for (int index = 0; index < found; index++) {
            int descriptor = events[index].data.fd;
            if (descriptor == STDIN_FILENO) return 0;
            if (descriptor == listener) {
                int client;
                while ((client = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
                    if (client >= DESCRIPTORS) { close(client); continue; }
                    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                    if (!text[client]) text[client] = malloc(ROOM);
                    length[client] = 0;
                    event.data.fd = client;
                    epoll_ctl(set, EPOLL_CTL_ADD, client, &event);
                }
                continue;
            }
            ssize_t count = recv(descriptor, text[descriptor] + length[descriptor],
                                 (size_t)(ROOM - length[descriptor]), 0);
            if (count <= 0) { close(descriptor); continue; }
            length[descriptor] += (int)count;
            take(descriptor, now() + delay);
        }
        for (int64_t time = now(); first != last && waiting[first % capacity].due <= time; first++)
            send(waiting[first % capacity].descriptor, answer, sizeof answer - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    }
}
