// C around libtiff, whose calls that set a field take any number of arguments,
// which Swift cannot pass.
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct qz_tiff_writer qz_tiff_writer;

// One page of grey samples.
typedef struct {
  uint32_t width;
  uint32_t height;
  // 16 for whole numbers, 32 for floats.
  uint16_t bits;
  uint32_t rows_per_strip;
  uint32_t page;
  uint32_t pages;
  // ASCII or UTF-8.
  const char *name;
  // Of the whole file; on the first page only.
  const char *description;
} qz_tiff_page;

// Loads libtiff. 0 where it is missing; threads may call at once.
int qz_tiff_load(void);

// The file name of the library, for messages.
const char *qz_tiff_library(void);

// `NULL` when the file cannot be created. A big file may have more than 4 GB.
qz_tiff_writer *qz_tiff_writer_create(const char *path, int is_big);

// Begins a page. These give 0 when they failed.
int qz_tiff_writer_begin(qz_tiff_writer *writer, const qz_tiff_page *page);

// Writes a strip of the page's rows; all but the last have `rows_per_strip`.
// The samples are in the machine's order of bytes, and may be changed.
int qz_tiff_writer_write(qz_tiff_writer *writer, uint32_t strip, void *samples,
                         size_t bytes);

// Ends a page.
int qz_tiff_writer_end(qz_tiff_writer *writer);

// Closes the file and frees the writer. 0 when not everything was written.
int qz_tiff_writer_close(qz_tiff_writer *writer);
