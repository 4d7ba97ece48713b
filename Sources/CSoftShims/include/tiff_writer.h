// C around libtiff, whose calls that set a field take any number of arguments,
// which Swift cannot pass.
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct qz_tiff_writer qz_tiff_writer;

// A field that libtiff has no own function for: of GeoTIFF and ImageJ.
typedef struct {
  uint16_t tag;
  // Elements, in the machine's order of bytes: bytes, 16 or 32 bits, text, or
  // doubles, as the tag has them.
  uint32_t count;
  const void *elements;
} qz_tiff_tag;

// One page.
typedef struct {
  uint32_t width;
  uint32_t height;
  // 8, 16 or 32.
  uint16_t bits;
  // Samples of a pixel: 1 is grey, 3 red, green and blue, 4 these and alpha that is
  // not premultiplied.
  uint16_t samples;
  // Whether samples of 32 bits are floats.
  int is_float;
  // Of a plain file only for the writer.
  uint32_t rows_per_strip;
  uint32_t page;
  uint32_t pages;
  // ASCII or UTF-8.
  const char *name;
  // Of the whole file; on the first page only.
  const char *description;
  const qz_tiff_tag *tags;
  size_t tag_count;
  // Pixels of an inch; 0 where that is not known.
  double columns_per_inch;
  double rows_per_inch;
} qz_tiff_page;

// Whether a tag can be among those of a page.
int qz_tiff_knows_tag(uint16_t tag);

// Loads libtiff. 0 where it is missing; threads may call at once.
int qz_tiff_load(void);

// The file name of the library, for messages.
const char *qz_tiff_library(void);

// `NULL` when the file cannot be created. A big file may have more than 4 GB. Of a
// plain one the samples of all pages are in one block, without compression: all
// pages are declared before the first begins.
qz_tiff_writer *qz_tiff_writer_create(const char *path, int is_big,
                                      int is_plain);

// Declares a page. These give 0 when they failed.
int qz_tiff_writer_declare(qz_tiff_writer *writer, const qz_tiff_page *page);

// Begins a page, the first or that after the last.
int qz_tiff_writer_begin(qz_tiff_writer *writer, const qz_tiff_page *page);

// Writes a strip of the page's rows; all but the last have `rows_per_strip`.
// The samples are in the machine's order of bytes, and may be changed.
int qz_tiff_writer_write(qz_tiff_writer *writer, uint32_t strip, void *samples,
                         size_t bytes);

// Ends a page.
int qz_tiff_writer_end(qz_tiff_writer *writer);

// Closes the file and frees the writer. 0 when not everything was written.
int qz_tiff_writer_close(qz_tiff_writer *writer);
