#ifndef TAPEDECK_CCURL_H
#define TAPEDECK_CCURL_H

#include <curl/curl.h>

/* libcurl comes with some 35 other libraries, which takes longer to load than all the rest of the program: 7 ms of the
   20 ms of its start. Most commands send nothing, and replays over the wire do without it. So it is loaded by the first
   call, and the functions that are called stand in library.c. */

/* curl_easy_setopt, curl_easy_getinfo and curl_multi_setopt are variadic, which Swift cannot call.
   One function per kind of argument, so that each is passed as the type that libcurl reads. */

typedef CURLcode (*tapedeck_curl_setopt)(CURL *easy, CURLoption option, ...);
typedef CURLcode (*tapedeck_curl_getinfo)(CURL *easy, CURLINFO info, ...);
typedef CURLMcode (*tapedeck_curl_multi_setopt)(CURLM *multi, CURLMoption option, ...);

tapedeck_curl_setopt tapedeck_curl_easy_setopt(void);
tapedeck_curl_getinfo tapedeck_curl_easy_getinfo(void);
tapedeck_curl_multi_setopt tapedeck_curl_multi_option(void);

static inline CURLcode tapedeck_curl_set_long(CURL *easy, CURLoption option, long value) {
  return tapedeck_curl_easy_setopt()(easy, option, value);
}

static inline CURLcode tapedeck_curl_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
  return tapedeck_curl_easy_setopt()(easy, option, value);
}

static inline CURLcode tapedeck_curl_set_string(CURL *easy, CURLoption option, const char *value) {
  return tapedeck_curl_easy_setopt()(easy, option, value);
}

static inline CURLcode tapedeck_curl_set_pointer(CURL *easy, CURLoption option, void *value) {
  return tapedeck_curl_easy_setopt()(easy, option, value);
}

static inline CURLcode tapedeck_curl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
  return tapedeck_curl_easy_setopt()(easy, option, value);
}

static inline CURLcode tapedeck_curl_set_read(CURL *easy, curl_read_callback callback) {
  return tapedeck_curl_easy_setopt()(easy, CURLOPT_READFUNCTION, callback);
}

/* Bodies and head lines have callbacks of one type. */
static inline CURLcode tapedeck_curl_set_write(CURL *easy, CURLoption option, curl_write_callback callback) {
  return tapedeck_curl_easy_setopt()(easy, option, callback);
}

static inline CURLcode tapedeck_curl_set_prereq(CURL *easy, curl_prereq_callback callback) {
  return tapedeck_curl_easy_setopt()(easy, CURLOPT_PREREQFUNCTION, callback);
}

static inline CURLcode tapedeck_curl_set_opensocket(CURL *easy, curl_opensocket_callback callback) {
  return tapedeck_curl_easy_setopt()(easy, CURLOPT_OPENSOCKETFUNCTION, callback);
}

static inline CURLcode tapedeck_curl_set_progress(CURL *easy, curl_xferinfo_callback callback) {
  return tapedeck_curl_easy_setopt()(easy, CURLOPT_XFERINFOFUNCTION, callback);
}

static inline CURLcode tapedeck_curl_set_trailers(CURL *easy, curl_trailer_callback callback) {
  return tapedeck_curl_easy_setopt()(easy, CURLOPT_TRAILERFUNCTION, callback);
}

static inline CURLcode tapedeck_curl_get_long(CURL *easy, CURLINFO info, long *value) {
  return tapedeck_curl_easy_getinfo()(easy, info, value);
}

static inline CURLcode tapedeck_curl_get_pointer(CURL *easy, CURLINFO info, void **value) {
  return tapedeck_curl_easy_getinfo()(easy, info, value);
}

static inline CURLcode tapedeck_curl_get_socket(CURL *easy, CURLINFO info, curl_socket_t *value) {
  return tapedeck_curl_easy_getinfo()(easy, info, value);
}

static inline CURLMcode tapedeck_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return tapedeck_curl_multi_option()(multi, option, value);
}

static inline CURLMcode tapedeck_curl_multi_set_pointer(CURLM *multi, CURLMoption option, void *value) {
  return tapedeck_curl_multi_option()(multi, option, value);
}

static inline CURLMcode tapedeck_curl_multi_set_socket(CURLM *multi, curl_socket_callback callback) {
  return tapedeck_curl_multi_option()(multi, CURLMOPT_SOCKETFUNCTION, callback);
}

static inline CURLMcode tapedeck_curl_multi_set_timer(CURLM *multi, curl_multi_timer_callback callback) {
  return tapedeck_curl_multi_option()(multi, CURLMOPT_TIMERFUNCTION, callback);
}

/* CURLVERSION_NOW is a macro over an enumeration. */
static inline const curl_version_info_data *tapedeck_curl_version(void) {
  return curl_version_info(CURLVERSION_NOW);
}

/* The result stands in a union whose other member shares its place. */
static inline CURLcode tapedeck_curl_result(const CURLMsg *message) {
  return message->data.result;
}

#endif
