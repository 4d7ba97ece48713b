// C around libtiff's reading of pixels: strips and tiles as they are stored, in the
// machine's order of bytes. qz_tiff_load comes first. A reader is used by one
// thread at a time.
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct qz_tiff_reader qz_tiff_reader;

typedef struct {
  uint32_t width;
  uint32_t height;
  uint16_t bits;
  // Samples a pixel.
  uint16_t samples;
  // 1 unsigned, 2 signed, 3 floating point, others as TIFF 6.0 says.
  uint16_t format;
  uint16_t photometric;
  uint16_t compression;
  uint16_t orientation;
  // Whether each sample has strips or tiles of its own.
  uint8_t is_planar;
  uint8_t is_tiled;
  // Samples beyond those of the photometric interpretation, and what the first
  // of them is: 0 unspecified, 1 associated alpha, 2 unassociated alpha.
  uint16_t extra_samples;
  uint16_t extra_kind;
  // Width and height of a tile; of a strip the image's width, and its rows.
  uint32_t block_width;
  uint32_t block_height;
  // Bytes of a whole strip or tile.
  uint64_t block_bytes;
  // Pixels to a unit, 0 where that is not said; the unit is 2 an inch, 3 a
  // centimetre.
  float horizontal;
  float vertical;
  uint16_t unit;
  // Bit 0 a smaller version of another page, bit 2 a mask of one.
  uint32_t subfile;
} qz_tiff_header;

// The bytes must stay where they are until destroy. NULL when out of memory.
qz_tiff_reader *qz_tiff_reader_create(const uint8_t *bytes, size_t count);

// Reads a file from its start. The descriptor is duplicated.
qz_tiff_reader *qz_tiff_reader_open(int descriptor);

// Reads the header of a page; 0 when that failed.
int qz_tiff_reader_read_header(qz_tiff_reader *reader, uint16_t page,
                               qz_tiff_header *header);

// The pages of the file, 65,535 at most. Later calls are of the page whose header was read last.
uint32_t qz_tiff_reader_pages(qz_tiff_reader *reader);

// Whether libtiff can decompress the page.
int qz_tiff_reader_can_decode(qz_tiff_reader *reader,
                              const qz_tiff_header *header);

// 1 << bits numbers of 16 bits each; 0 when there are none.
int qz_tiff_reader_color_map(qz_tiff_reader *reader, const uint16_t **red,
                             const uint16_t **green, const uint16_t **blue);

// The elements of a field such as the ICC profile, each of `width` bytes, in the
// machine's order. NULL where there is none, or it has elements of another width.
const uint8_t *qz_tiff_reader_field(qz_tiff_reader *reader, uint32_t tag,
                                    size_t width, size_t *count);

// The text of a field, or NULL.
const char *qz_tiff_reader_text(qz_tiff_reader *reader, uint32_t tag);

// Reads a strip or tile, those of the first sample first where each sample has
// its own: at most `bytes`. The bytes that were read, less than 0 when that
// failed.
ptrdiff_t qz_tiff_reader_read_block(qz_tiff_reader *reader, uint32_t block,
                                    void *samples, size_t bytes);

// One line, empty when there is none. The message is that of the last call.
const char *qz_tiff_reader_message(const qz_tiff_reader *reader);
const char *qz_tiff_reader_warning(const qz_tiff_reader *reader);
void qz_tiff_reader_destroy(qz_tiff_reader *reader);
