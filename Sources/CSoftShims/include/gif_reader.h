// The first frame of a GIF, read with giflib.
#pragma once

#include <stddef.h>
#include <stdint.h>

// What a file says of its first frame, and of the screen that it lies on.
typedef struct {
  uint32_t width;
  uint32_t height;
  uint32_t left;
  uint32_t top;
  uint32_t frame_width;
  uint32_t frame_height;
  int is_interlaced;
  // The index of the colour that is none, or -1.
  int transparent;
  // Red, green and blue of each index.
  uint32_t colors;
  uint8_t palette[256 * 3];
} qz_gif_header;

typedef struct qz_gif_reader qz_gif_reader;

// Loads giflib; 0 when it is not there. It stays loaded.
int qz_gif_load(void);

// The name of the library.
const char *qz_gif_library(void);

// Begins to read a file whose bytes stay where they are.
qz_gif_reader *qz_gif_reader_create(const uint8_t *bytes, size_t count);

// Begins to read a file, of which the reader keeps a descriptor of its own.
qz_gif_reader *qz_gif_reader_open(int descriptor);

void qz_gif_reader_destroy(qz_gif_reader *reader);

// Reads everything before the pixels of the first frame. 0 after a failure.
int qz_gif_reader_read_header(qz_gif_reader *reader, qz_gif_header *header);

// Reads the indices of the next row, as the file has them. 0 after a failure.
int qz_gif_reader_read_row(qz_gif_reader *reader, uint8_t *indices,
                           size_t count);

// Counts the frames behind the first. 0 when the file ends early; `frames` then
// has those that begin before.
int qz_gif_reader_finish(qz_gif_reader *reader, uint32_t *frames);

// What went wrong, or an empty text.
const char *qz_gif_reader_message(qz_gif_reader *reader);
