// The setjmp walls around libpng and libjpeg.
//
// Both libraries leave a failed call by a long jump, which must never cross
// Swift frames. Every function here that can fail catches the jump itself and
// gives back a status; the handle then holds one line of text that says why.
// Neither library ever prints: of its warnings the first is kept and all are
// counted.
//
// A handle is used by one thread at a time, from create to destroy, in the
// order create, header, rows, finish, destroy. After any status other than
// QZ_OK only the message and warning functions and destroy may be called.
// destroy frees everything on every path and takes NULL.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum qz_status {
  QZ_OK = 0,
  // The input breaks the rules of its format, or ends too early.
  QZ_DAMAGED = 1,
  // An allocation failed, or a limit on memory was met.
  QZ_NO_MEMORY = 2,
  // The library cannot do this kind of file.
  QZ_UNSUPPORTED = 3,
  // The caller broke the order of calls or gave an impossible size.
  QZ_MISUSE = 4,
  // Something beside the pixels is larger than was allowed; the message says
  // what, with its article.
  QZ_TOO_LARGE = 5,
};

// Whether a block of `bytes` can be had at this moment. Touches none of it.
int qz_can_allocate(size_t bytes);

// Inflates a zlib stream into `out`, which has room for `*out_count` bytes, and
// sets `*out_count` to the bytes written. QZ_NO_MEMORY when there is not room
// enough. Bytes behind the stream are ignored.
enum qz_status qz_inflate(const uint8_t *bytes, size_t count, uint8_t *out,
                          size_t *out_count);

// Finds the bit at which the last block of a deflate stream begins (RFC 1951),
// its flag of the last block, and the one behind its end. `room` is for what the
// stream holds.
enum qz_status qz_deflate_last_block(const uint8_t *bytes, size_t count,
                                     uint8_t *room, size_t room_count,
                                     size_t *header_bit, size_t *end_bit);

// MARK: PNG, reading

typedef struct qz_png_reader qz_png_reader;

typedef struct {
  uint32_t width;
  uint32_t height;
  // 1, 2, 4, 8 or 16 bits a sample (or a palette index).
  uint8_t bit_depth;
  // As in the file: 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA.
  uint8_t color_type;
  uint8_t interlaced;
  // Whether there is a tRNS chunk.
  uint8_t has_transparency;
  // Samples a pixel in the rows that will be handed out: 3 or 4.
  uint8_t channels;
} qz_png_header;

// `bytes` must stay where it is until destroy. NULL when out of memory.
qz_png_reader *qz_png_reader_create(const uint8_t *bytes, size_t count);

// Reads a file from its start, a little at a time. The descriptor is
// duplicated, but not its offset. NULL when that fails.
qz_png_reader *qz_png_reader_open(int descriptor);

// A chunk of more than `count` bytes is QZ_TOO_LARGE, but for the image data; of
// 16 MB where this is not called. Before the header.
void qz_png_reader_limit_chunks(qz_png_reader *reader, size_t count);

// Reads everything before the first image data.
enum qz_status qz_png_reader_read_header(qz_png_reader *reader,
                                         qz_png_header *header);

// Where the payload of the first image data begins, of bytes in memory whose
// header was read.
size_t qz_png_reader_data_start(const qz_png_reader *reader);

// Before the first row: from the payload of the first image data on, `bytes` are
// read, and then the input from `end` on. They were checked: their CRCs and
// their Adler-32 are not looked at. They must stay until the last row was read.
void qz_png_reader_replace_data(qz_png_reader *reader, const uint8_t *bytes,
                                size_t count, size_t end);

// The payload of a chunk as it stands in the file, its CRC checked, or NULL
// when there is none: one of cICP, iCCP, sRGB, gAMA, cHRM, pHYs (before the
// image data only), eXIf and the iTXt that holds XMP (all of the file, once
// finish was called). The first of each kind counts.
const uint8_t *qz_png_reader_chunk(const qz_png_reader *reader,
                                   const char *name, size_t *count);

// The text of metadata that stands as hex digits in a tEXt or zTXt chunk, of the
// kind "exif", "app1" or "xmp"; compressed as it is in a zTXt. NULL when there is
// none. All of the file counts once finish was called, the first of each kind.
const uint8_t *qz_png_reader_raw_profile(const qz_png_reader *reader,
                                         const char *kind, size_t *count,
                                         int *is_compressed);

// The frames of an animation so far, all of them once finish was called, and
// whether the image itself is the first of them.
size_t qz_png_reader_frames(const qz_png_reader *reader, int *shows_image);

// The rows that were read, also after QZ_DAMAGED.
uint32_t qz_png_reader_sound_rows(const qz_png_reader *reader);

// Reads the next `rows` rows, `channels` samples a pixel, each row `stride` bytes
// after the last. A sample has one byte, or two in the machine's order where the
// file has 16 bits. Never applies gamma. An interlaced image can only be read
// whole: `rows` must then be the height.
enum qz_status qz_png_reader_read_rows(qz_png_reader *reader, uint8_t *out,
                                       size_t stride, uint32_t rows);

// Reads on from the last row to the end of the PNG; what follows it is ignored.
enum qz_status qz_png_reader_finish(qz_png_reader *reader);

const char *qz_png_reader_message(const qz_png_reader *reader);
const char *qz_png_reader_first_warning(const qz_png_reader *reader);
size_t qz_png_reader_warning_count(const qz_png_reader *reader);
void qz_png_reader_destroy(qz_png_reader *reader);

// MARK: PNG, writing

typedef struct qz_png_writer qz_png_writer;

typedef struct {
  uint32_t width;
  uint32_t height;
  // 1, 2, 4 or 8 for a palette image, 8 or 16 otherwise; samples of 16 bits
  // come with the higher byte first.
  uint8_t bit_depth;
  // 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA.
  uint8_t color_type;
  // Whether there is an sRGB chunk where there is no profile.
  uint8_t marks_srgb;
} qz_png_layout;

qz_png_writer *qz_png_writer_create(void);

// Takes what the image is; nothing is written yet. What the next three set
// comes between this and the header.
enum qz_status qz_png_writer_begin(qz_png_writer *writer,
                                   const qz_png_layout *layout);

// RGB triplets, 1 to 256 of them, and the alpha of the first `alpha_count`;
// for color_type 3.
enum qz_status qz_png_writer_set_palette(qz_png_writer *writer,
                                         const uint8_t *colors, size_t count,
                                         const uint8_t *alphas,
                                         size_t alpha_count);

// An ICC profile, which stands in for the sRGB chunk. QZ_MISUSE when libpng
// finds it broken or meant for other samples.
enum qz_status qz_png_writer_set_profile(qz_png_writer *writer,
                                         const uint8_t *profile, size_t count);

// Pixels a metre, or, where `is_metric` is 0, in a unit that is not said.
enum qz_status qz_png_writer_set_density(qz_png_writer *writer,
                                         uint32_t horizontal, uint32_t vertical,
                                         int is_metric);

// Writes everything before the image data.
enum qz_status qz_png_writer_write_header(qz_png_writer *writer);

// Writes a chunk of any name; after the header and before the stream.
enum qz_status qz_png_writer_write_chunk(qz_png_writer *writer,
                                         const char *name,
                                         const uint8_t *payload, size_t count);

// Writes the next part of all rows, filtered and compressed as one zlib stream;
// what is in it is not looked at.
enum qz_status qz_png_writer_write_stream(qz_png_writer *writer,
                                          const uint8_t *stream, size_t count);
enum qz_status qz_png_writer_finish(qz_png_writer *writer);

// The bytes written since the last call of discard.
const uint8_t *qz_png_writer_bytes(const qz_png_writer *writer, size_t *count);
void qz_png_writer_discard(qz_png_writer *writer);

const char *qz_png_writer_message(const qz_png_writer *writer);
const char *qz_png_writer_first_warning(const qz_png_writer *writer);
size_t qz_png_writer_warning_count(const qz_png_writer *writer);
void qz_png_writer_destroy(qz_png_writer *writer);

// MARK: JPEG, reading

typedef struct qz_jpeg_reader qz_jpeg_reader;

typedef struct {
  uint32_t width;
  uint32_t height;
  uint8_t components;
  uint8_t precision;
  uint8_t progressive;
  uint8_t arithmetic;
  // Whether all of the image has to be in memory before its first row is
  // whole.
  uint8_t several_scans;
} qz_jpeg_header;

// `bytes` must stay where it is until destroy. NULL when out of memory.
qz_jpeg_reader *qz_jpeg_reader_create(const uint8_t *bytes, size_t count);

// As qz_png_reader_open.
qz_jpeg_reader *qz_jpeg_reader_open(int descriptor);

// Reads up to the first scan.
enum qz_status qz_jpeg_reader_read_header(qz_jpeg_reader *reader,
                                          qz_jpeg_header *header);

// Reads the next `rows` rows, each `stride` bytes after the last: RGB, or CMYK as
// it is stored where there are four components. A warning that tells of lost or
// corrupt data is QZ_DAMAGED.
enum qz_status qz_jpeg_reader_read_rows(qz_jpeg_reader *reader, uint8_t *out,
                                        size_t stride, uint32_t rows);

// Reads on from the last row to the end of the JPEG; what follows it is
// ignored.
enum qz_status qz_jpeg_reader_finish(qz_jpeg_reader *reader);

// Whether the file ends before its end marker. That is no damage where all
// samples have come.
int qz_jpeg_reader_lacks_end(const qz_jpeg_reader *reader);

// After QZ_DAMAGED: the rows before the damage that were decoded, which may be
// more than were read. 0 where there are several scans.
uint32_t qz_jpeg_reader_sound_rows(const qz_jpeg_reader *reader);

const char *qz_jpeg_reader_message(const qz_jpeg_reader *reader);
const char *qz_jpeg_reader_first_warning(const qz_jpeg_reader *reader);
size_t qz_jpeg_reader_warning_count(const qz_jpeg_reader *reader);
void qz_jpeg_reader_destroy(qz_jpeg_reader *reader);

// MARK: JPEG, writing

typedef struct qz_jpeg_writer qz_jpeg_writer;

typedef struct {
  uint32_t width;
  uint32_t height;
  // libjpeg's scale, 1 to 100.
  uint8_t quality;
  // By how much the resolution of colour is divided, each 1 or 2: 4:2:0 is 2
  // and 2, 4:2:2 is 2 and 1.
  uint8_t chroma_width_divisor;
  uint8_t chroma_height_divisor;
  // Whether the Huffman tables are fitted to the image; needs memory for all
  // of its coefficients.
  uint8_t optimize;
  // Whether the image comes in several scans, from coarse to fine.
  uint8_t progressive;
  // As in JFIF: 0 a ratio, 1 pixels an inch, 2 pixels a centimetre.
  uint8_t density_unit;
  // Both 0 for libjpeg's default, 1:1.
  uint16_t horizontal_density;
  uint16_t vertical_density;
} qz_jpeg_layout;

qz_jpeg_writer *qz_jpeg_writer_create(void);
enum qz_status qz_jpeg_writer_write_header(qz_jpeg_writer *writer,
                                           const qz_jpeg_layout *layout);

// Writes an APPn segment, `number` 0 to 15, of at most 65,533 bytes; after the
// header and before the rows.
enum qz_status qz_jpeg_writer_write_segment(qz_jpeg_writer *writer, int number,
                                            const uint8_t *bytes, size_t count);

// Writes the next rows, three samples a pixel.
enum qz_status qz_jpeg_writer_write_rows(qz_jpeg_writer *writer,
                                         const uint8_t *rows, size_t stride,
                                         uint32_t count);
enum qz_status qz_jpeg_writer_finish(qz_jpeg_writer *writer);

// The bytes written since the last call of discard.
const uint8_t *qz_jpeg_writer_bytes(const qz_jpeg_writer *writer,
                                    size_t *count);
void qz_jpeg_writer_discard(qz_jpeg_writer *writer);

const char *qz_jpeg_writer_message(const qz_jpeg_writer *writer);
const char *qz_jpeg_writer_first_warning(const qz_jpeg_writer *writer);
size_t qz_jpeg_writer_warning_count(const qz_jpeg_writer *writer);
void qz_jpeg_writer_destroy(qz_jpeg_writer *writer);

#ifdef __cplusplus
}
#endif
