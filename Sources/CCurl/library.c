#include "CCurl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

/* The functions of libcurl that are called, each once. */
#define FUNCTIONS(DO) \
  DO(curl_easy_cleanup) \
  DO(curl_easy_getinfo) \
  DO(curl_easy_init) \
  DO(curl_easy_perform) \
  DO(curl_easy_recv) \
  DO(curl_easy_send) \
  DO(curl_easy_setopt) \
  DO(curl_easy_strerror) \
  DO(curl_getdate) \
  DO(curl_global_init) \
  DO(curl_multi_add_handle) \
  DO(curl_multi_cleanup) \
  DO(curl_multi_info_read) \
  DO(curl_multi_init) \
  DO(curl_multi_remove_handle) \
  DO(curl_multi_setopt) \
  DO(curl_multi_socket_action) \
  DO(curl_multi_strerror) \
  DO(curl_slist_append) \
  DO(curl_slist_free_all) \
  DO(curl_version_info)

#define MEMBER(name) __typeof__(&name) name;
static struct {
  FUNCTIONS(MEMBER)
} functions;

static pthread_once_t once = PTHREAD_ONCE_INIT;

/* What the loader says and does where a library is missing that a program is linked with. */
static void fail(void) {
  fprintf(stderr, "tapedeck: error while loading shared libraries: %s\n", dlerror());
  _exit(127);
}

static void load(void) {
  /* The name that stands in every program that is linked with libcurl since 2006. */
  void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (!library) fail();
#define FIND(name) \
  if (!(functions.name = (__typeof__(&name))dlsym(library, #name))) fail();
  FUNCTIONS(FIND)
}

static inline __typeof__(&functions) loaded(void) {
  pthread_once(&once, load);
  return &functions;
}

tapedeck_curl_setopt tapedeck_curl_easy_setopt(void) {
  return loaded()->curl_easy_setopt;
}

tapedeck_curl_getinfo tapedeck_curl_easy_getinfo(void) {
  return loaded()->curl_easy_getinfo;
}

tapedeck_curl_multi_setopt tapedeck_curl_multi_option(void) {
  return loaded()->curl_multi_setopt;
}

void curl_easy_cleanup(CURL *easy) {
  loaded()->curl_easy_cleanup(easy);
}

CURL *curl_easy_init(void) {
  return loaded()->curl_easy_init();
}

CURLcode curl_easy_perform(CURL *easy) {
  return loaded()->curl_easy_perform(easy);
}

CURLcode curl_easy_recv(CURL *easy, void *buffer, size_t capacity, size_t *count) {
  return loaded()->curl_easy_recv(easy, buffer, capacity, count);
}

CURLcode curl_easy_send(CURL *easy, const void *bytes, size_t length, size_t *count) {
  return loaded()->curl_easy_send(easy, bytes, length, count);
}

const char *curl_easy_strerror(CURLcode code) {
  return loaded()->curl_easy_strerror(code);
}

time_t curl_getdate(const char *text, const time_t *unused) {
  return loaded()->curl_getdate(text, unused);
}

CURLcode curl_global_init(long flags) {
  return loaded()->curl_global_init(flags);
}

CURLMcode curl_multi_add_handle(CURLM *multi, CURL *easy) {
  return loaded()->curl_multi_add_handle(multi, easy);
}

CURLMcode curl_multi_cleanup(CURLM *multi) {
  return loaded()->curl_multi_cleanup(multi);
}

CURLMsg *curl_multi_info_read(CURLM *multi, int *left) {
  return loaded()->curl_multi_info_read(multi, left);
}

CURLM *curl_multi_init(void) {
  return loaded()->curl_multi_init();
}

CURLMcode curl_multi_remove_handle(CURLM *multi, CURL *easy) {
  return loaded()->curl_multi_remove_handle(multi, easy);
}

CURLMcode curl_multi_socket_action(CURLM *multi, curl_socket_t socket, int events, int *running) {
  return loaded()->curl_multi_socket_action(multi, socket, events, running);
}

const char *curl_multi_strerror(CURLMcode code) {
  return loaded()->curl_multi_strerror(code);
}

struct curl_slist *curl_slist_append(struct curl_slist *list, const char *text) {
  return loaded()->curl_slist_append(list, text);
}

void curl_slist_free_all(struct curl_slist *list) {
  loaded()->curl_slist_free_all(list);
}

curl_version_info_data *curl_version_info(CURLversion version) {
  return loaded()->curl_version_info(version);
}
