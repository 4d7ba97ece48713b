// A WebP that is in memory, read with libwebp.
#pragma once

#include <stddef.h>
#include <stdint.h>

// What a file says of its first frame, and of the canvas that it lies on.
typedef struct {
  uint32_t width;
  uint32_t height;
  uint32_t frames;
  uint32_t left;
  uint32_t top;
  uint32_t frame_width;
  uint32_t frame_height;
  int has_alpha;
  int is_lossless;
  // Whether the file has all that it says.
  int is_whole;
} qz_webp_header;

typedef struct qz_webp_reader qz_webp_reader;

// Loads libwebp; 0 when it is not there. It stays loaded.
int qz_webp_load(void);

// The name of the library.
const char *qz_webp_library(void);

// Begins to read a file, whose bytes stay where they are. `NULL` when there is no
// memory, or the file is damaged before its first frame.
qz_webp_reader *qz_webp_reader_create(const uint8_t *bytes, size_t count,
                                      qz_webp_header *header);

void qz_webp_reader_destroy(qz_webp_reader *reader);

// The payload of the first chunk of a name of four letters, or `NULL`.
const uint8_t *qz_webp_reader_chunk(qz_webp_reader *reader, const char *name,
                                    size_t *count);

// Decodes the first frame.
//
// - samples: Where its first row goes.
// - stride: The bytes from a row to the next.
// - channels: 3 or 4.
// - rows: Becomes the rows that are done, also after a failure.
//
// What is wrong, or `NULL`.
const char *qz_webp_reader_decode(qz_webp_reader *reader, uint8_t *samples,
                                  size_t stride, int channels,
                                  uint32_t *rows);
