#ifndef TAPEDECK_CISAL_SHIM_H
#define TAPEDECK_CISAL_SHIM_H

#include <isa-l/igzip_lib.h>
#include <stdlib.h>

/* A stream holds arrays of many kilobytes, which Swift cannot see as tuples, and the room that a level needs is a sum
   that it does not read. So both stand in one piece of memory here. Level 2 takes the time of level 1 and gives less. */
struct tapedeck_isal {
  struct isal_zstream stream;
  uint8_t level[ISAL_DEF_LVL2_DEFAULT];
};

static inline void *tapedeck_isal_create(void) {
  return calloc(1, sizeof(struct tapedeck_isal));
}

static inline void tapedeck_isal_free(void *memory) {
  free(memory);
}

/* Writes `input` as one raw deflate stream; answers its length, or 0 where it does not fit into `room`. */
static inline size_t tapedeck_isal_deflate(void *memory, const void *input, size_t count, void *output, size_t room) {
  struct tapedeck_isal *self = memory;
  if (count > UINT32_MAX) return 0;
  isal_deflate_stateless_init(&self->stream);
  self->stream.level = 2;
  self->stream.level_buf = self->level;
  self->stream.level_buf_size = sizeof self->level;
  self->stream.end_of_stream = 1;
  self->stream.next_in = (uint8_t *)input;
  self->stream.avail_in = (uint32_t)count;
  self->stream.next_out = output;
  self->stream.avail_out = room > UINT32_MAX ? UINT32_MAX : (uint32_t)room;
  if (isal_deflate_stateless(&self->stream) != COMP_OK) return 0;
  return self->stream.total_out;
}

#endif
