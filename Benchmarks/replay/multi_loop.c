// The least that sending requests through libcurl can cost: its multi_socket interface, epoll and nothing else.
//
//   multi_loop REQUESTS URL PARALLEL
//
// REQUESTS holds requests as on the wire, each with a Content-Length. They are read and cut up beforehand; each is sent
// once, PARALLEL of them at a time, over handles that are used again. Prints requests/s and microseconds of CPU a request.
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct request {
    char *target, *body;
    long length;
    struct curl_slist *fields;
};

static struct request *requests;
static size_t count, next_request, done, failed;
static int poll_descriptor;
static long timeout = -1;
static CURLM *multi;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void fail(const char *what) {
    perror(what);
    exit(2);
}

static void read_requests(const char *path) {
    int file = open(path, O_RDONLY);
    struct stat status;
    if (file < 0 || fstat(file, &status) < 0) fail(path);
    char *text = malloc((size_t)status.st_size + 1), *end = text + status.st_size;
    for (char *place = text; place < end;) {
        ssize_t taken = read(file, place, (size_t)(end - place));
        if (taken <= 0) fail(path);
        place += taken;
    }
    *end = 0;
    close(file);
    size_t capacity = 0;
    for (char *place = text; place < end;) {
        if (count == capacity) {
            capacity = capacity ? capacity * 2 : 1024;
            requests = realloc(requests, capacity * sizeof *requests);
        }
        struct request *request = &requests[count++];
        request->fields = NULL;
        request->length = 0;
        char *line_end = strstr(place, "\r\n");
        char *target = strchr(place, ' ') + 1, *target_end = strchr(target, ' ');
        *target_end = 0;
        request->target = target;
        for (place = line_end + 2; strncmp(place, "\r\n", 2) != 0; place = line_end + 2) {
            line_end = strstr(place, "\r\n");
            *line_end = 0;
            if (strncasecmp(place, "content-length:", 15) == 0) request->length = atol(place + 15);
            if (strncasecmp(place, "host:", 5) != 0) request->fields = curl_slist_append(request->fields, place);
        }
        request->fields = curl_slist_append(request->fields, "Accept:");
        request->fields = curl_slist_append(request->fields, "Expect:");
        request->body = place + 2;
        place = request->body + request->length;
    }
}

static size_t discard(char *bytes, size_t size, size_t number, void *context) {
    (void)bytes, (void)context;
    return size * number;
}

static int watch(CURL *easy, curl_socket_t descriptor, int what, void *context, void *known) {
    (void)easy, (void)context;
    struct epoll_event event = {.data.fd = descriptor};
    if (what == CURL_POLL_REMOVE) {
        epoll_ctl(poll_descriptor, EPOLL_CTL_DEL, descriptor, NULL);
        curl_multi_assign(multi, descriptor, NULL);
        return 0;
    }
    event.events = (what & CURL_POLL_IN ? EPOLLIN : 0u) | (what & CURL_POLL_OUT ? EPOLLOUT : 0u);
    epoll_ctl(poll_descriptor, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, descriptor, &event);
    curl_multi_assign(multi, descriptor, &multi);
    return 0;
}

static int note_timeout(CURLM *handle, long milliseconds, void *context) {
    (void)handle, (void)context;
    timeout = milliseconds;
    return 0;
}

static void start(CURL *easy) {
    struct request *request = &requests[next_request++];
    curl_easy_setopt(easy, CURLOPT_REQUEST_TARGET, request->target);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, request->fields);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, request->length);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body);
    curl_multi_add_handle(multi, easy);
}

static void finish(void) {
    int left;
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left))) {
        CURL *easy = message->easy_handle;
        long status = 0;
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
        done++;
        if (message->data.result != CURLE_OK || status != 200) failed++;
        curl_multi_remove_handle(multi, easy);
        if (next_request < count) start(easy);
    }
}

int main(int argc, char **argv) {
    if (argc != 4) return fprintf(stderr, "multi_loop REQUESTS URL PARALLEL\n"), 2;
    read_requests(argv[1]);
    size_t parallel = (size_t)atol(argv[3]);
    if (parallel > count) parallel = count;
    poll_descriptor = epoll_create1(EPOLL_CLOEXEC);
    curl_global_init(CURL_GLOBAL_ALL);
    multi = curl_multi_init();
    curl_multi_setopt(multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)parallel);
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, watch);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, note_timeout);
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    double begin = now();
    for (size_t index = 0; index < parallel; index++) {
        CURL *easy = curl_easy_init();
        curl_easy_setopt(easy, CURLOPT_URL, argv[2]);
        curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, discard);
        curl_easy_setopt(easy, CURLOPT_POST, 1L);
        start(easy);
    }
    int running;
    struct epoll_event events[256];
    while (done < count) {
        int found = epoll_wait(poll_descriptor, events, 256, (int)(timeout < 0 ? 1000 : timeout));
        if (found < 0 && errno != EINTR) fail("epoll_wait");
        if (found <= 0) curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running);
        for (int index = 0; index < found; index++) {
            int mask = (events[index].events & EPOLLOUT ? CURL_CSELECT_OUT : 0)
                | (events[index].events & ~(uint32_t)EPOLLOUT ? CURL_CSELECT_IN : 0);
            curl_multi_socket_action(multi, events[index].data.fd, mask, &running);
        }
        if (found > 0 && timeout == 0) curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running);
        finish();
    }
    double wall = now() - begin;
    getrusage(RUSAGE_SELF, &after);
    double cpu = (double)(after.ru_utime.tv_sec - before.ru_utime.tv_sec + after.ru_stime.tv_sec - before.ru_stime.tv_sec)
        + (double)(after.ru_utime.tv_usec - before.ru_utime.tv_usec + after.ru_stime.tv_usec - before.ru_stime.tv_usec) / 1e6;
    printf("%.0f %.2f %zu\n", (double)count / wall, cpu / (double)count * 1e6, failed);
    return failed ? 1 : 0;
}
