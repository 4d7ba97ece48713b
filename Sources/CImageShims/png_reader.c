#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report.h"

// The chunks that libpng hands over raw instead of reading them itself: so no
// colour rule of its own is ever applied, whatever its version.
static const png_byte kept_names[] =
    "cICP\0iCCP\0sRGB\0gAMA\0cHRM\0pHYs\0eXIf\0iTXt";
enum { KEPT_KINDS = 8, KEPT_EXIF = 6, KEPT_TEXT = 7 };

// The keyword of the text that holds XMP, and the zero behind it.
static const char xmp_keyword[] = "XML:com.adobe.xmp";

// Texts that hold metadata as hex digits, as programs wrote them before eXIf:
// their keywords are this and one of the kinds.
static const char raw_keyword[] = "Raw profile type ";
static const char *const raw_kinds[] = {"exif", "app1", "xmp"};
enum { RAW_KINDS = 3 };

typedef struct {
  uint8_t *bytes;
  size_t count;
} qz_chunk;

struct qz_png_reader {
  qz_report report;
  const uint8_t *input;
  size_t input_count;
  size_t input_used;
  // What is read in place of the input's image data.
  const uint8_t *plain;
  size_t plain_left;
  FILE *file;
  png_structp png;
  png_infop info;
  qz_png_header header;
  qz_chunk kept[KEPT_KINDS];
  qz_chunk raw[RAW_KINDS];
  int raw_is_compressed[RAW_KINDS];
  // Of an animation: its frames, and whether the first is the image itself.
  size_t frames;
  int shows_image;
  int header_read;
  int started;
  uint32_t rows_read;
  size_t chunk_limit;
  // Bytes of the chunk that is being read.
  size_t chunk_used;
  // Once the last row is begun: the bytes of image data that may still come.
  int last_row;
  size_t data_left;
  uint32_t palette_count;
  uint8_t palette[256][4];
};

static qz_png_reader *owner(png_structp png) { return png_get_error_ptr(png); }

static void on_error(png_structp png, png_const_charp text) {
  qz_report *report = &owner(png)->report;
  qz_throw(report, report->starved ? QZ_NO_MEMORY : QZ_DAMAGED, text);
}

static int changes_pixels(const char *name) {
  static const char names[] = "cICP\0iCCP\0sRGB\0gAMA\0cHRM\0eXIf\0tRNS";
  for (size_t i = 0; i < sizeof names; i += 5)
    if (memcmp(name, names + i, 4) == 0) return 1;
  return 0;
}

static void on_warning(png_structp png, png_const_charp text) {
  qz_png_reader *reader = owner(png);
  // A wrong CRC can be passed over in a chunk that says nothing of the pixels.
  if (strcmp(text + strnlen(text, 4), ": CRC error") == 0 &&
      changes_pixels(text))
    png_error(png, text);
  qz_warn(&reader->report, text);
}

static png_voidp on_allocate(png_structp png, png_alloc_size_t count) {
  void *block = malloc(count);
  if (block == NULL) {
    qz_png_reader *reader = png_get_mem_ptr(png);
    reader->report.starved = 1;
  }
  return block;
}

static void on_free(png_structp png, png_voidp block) {
  (void)png;
  free(block);
}

// Ends the reading of a chunk that is too large, and of image data that goes on
// behind the last row: libpng would inflate it all, to no end.
static void watch(png_structp png, qz_png_reader *reader, size_t count) {
  if ((png_get_io_state(png) & PNG_IO_CHUNK_DATA) == 0) {
    reader->chunk_used = 0;
    return;
  }
  png_uint_32 name = png_get_io_chunk_type(png);
  if (name == 0x49444154) {  // IDAT
    if (!reader->last_row) return;
    if (count > reader->data_left)
      png_error(png, "more image data than its size asks for");
    reader->data_left -= count;
    return;
  }
  reader->chunk_used += count;
  if (reader->chunk_used <= reader->chunk_limit) return;
  char text[32];
  snprintf(text, sizeof text, "a chunk %c%c%c%c", (int)(name >> 24 & 255),
           (int)(name >> 16 & 255), (int)(name >> 8 & 255), (int)(name & 255));
  qz_throw(&reader->report, QZ_TOO_LARGE, text);
}

// A wrong CRC of a chunk that the pixels depend on is an error.
static void check_chunks(png_structp png) {
  png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_WARN_DISCARD);
}

static void on_read(png_structp png, png_bytep out, size_t count) {
  qz_png_reader *reader = png_get_io_ptr(png);
  if (reader->plain_left > 0) {
    if (count > reader->plain_left) png_error(png, "the image data is cut off");
    watch(png, reader, count);
    memcpy(out, reader->plain, count);
    reader->plain += count;
    reader->plain_left -= count;
    if (reader->plain_left == 0) check_chunks(png);
    return;
  }
  if (reader->file != NULL) {
    watch(png, reader, count);
    if (fread(out, 1, count, reader->file) != count)
      png_error(png, ferror(reader->file) ? "reading failed"
                                          : "the file ends too early");
    return;
  }
  if (count > reader->input_count - reader->input_used)
    png_error(png, "the file ends too early");
  watch(png, reader, count);
  memcpy(out, reader->input + reader->input_used, count);
  reader->input_used += count;
}

static int kept_kind(const char *name) {
  for (int kind = 0; kind < KEPT_KINDS; kind++)
    if (memcmp(name, kept_names + 5 * kind, 4) == 0) return kind;
  return -1;
}

static void keep(qz_png_reader *reader, qz_chunk *place, const uint8_t *bytes,
                 size_t count) {
  uint8_t *copy = malloc(count + 1);
  if (copy == NULL) qz_throw(&reader->report, QZ_NO_MEMORY, "out of memory");
  if (count > 0) memcpy(copy, bytes, count);
  place->bytes = copy;
  place->count = count;
}

// Keeps the text of a tEXt or zTXt chunk, if it is metadata and the first of
// its kind.
static void keep_raw(qz_png_reader *reader, png_unknown_chunkp chunk,
                     int is_compressed) {
  size_t prefix = sizeof raw_keyword - 1;
  if (chunk->size <= prefix || memcmp(chunk->data, raw_keyword, prefix) != 0)
    return;
  const char *name = (const char *)chunk->data + prefix;
  size_t rest = chunk->size - prefix;
  for (int kind = 0; kind < RAW_KINDS; kind++) {
    size_t length = strlen(raw_kinds[kind]);
    if (rest <= length || name[length] != 0 ||
        strncasecmp(name, raw_kinds[kind], length) != 0)
      continue;
    if (reader->raw[kind].bytes != NULL) return;
    // Behind the keyword of a zTXt comes its method, of which there is one.
    size_t start = length + 1 + (is_compressed ? 1 : 0);
    if (rest < start) return;
    if (is_compressed && name[length + 1] != 0) return;
    keep(reader, &reader->raw[kind], (const uint8_t *)name + start,
         rest - start);
    reader->raw_is_compressed[kind] = is_compressed;
  }
}

static int on_chunk(png_structp png, png_unknown_chunkp chunk) {
  qz_png_reader *reader = png_get_user_chunk_ptr(png);
  const char *name = (const char *)chunk->name;
  if (memcmp(name, "fcTL", 4) == 0) {
    reader->frames++;
    // One before the image data makes a frame of them.
    if (!reader->header_read) reader->shows_image = 1;
    return 1;
  }
  int is_compressed = memcmp(name, "zTXt", 4) == 0;
  if (is_compressed || memcmp(name, "tEXt", 4) == 0) {
    keep_raw(reader, chunk, is_compressed);
    return 1;
  }
  int kind = kept_kind(name);
  int wanted = kind >= 0 && reader->kept[kind].bytes == NULL &&
               (kind >= KEPT_EXIF || !reader->header_read);
  if (kind == KEPT_TEXT)
    wanted = wanted && chunk->size > sizeof xmp_keyword &&
             memcmp(chunk->data, xmp_keyword, sizeof xmp_keyword) == 0;
  if (wanted) keep(reader, &reader->kept[kind], chunk->data, chunk->size);
  // Bit 5 of the first letter marks a chunk that may be passed over; 0 leaves
  // an unknown critical one to libpng, which refuses it.
  return (chunk->name[0] & 0x20) != 0;
}

qz_png_reader *qz_png_reader_create(const uint8_t *bytes, size_t count) {
  qz_png_reader *reader = calloc(1, sizeof *reader);
  if (reader == NULL) return NULL;
  reader->input = bytes;
  reader->input_count = count;
  reader->chunk_limit = 16000000;
  return reader;
}

qz_png_reader *qz_png_reader_open(int descriptor) {
  qz_png_reader *reader = qz_png_reader_create(NULL, 0);
  if (reader == NULL) return NULL;
  reader->file = qz_open_file(descriptor);
  if (reader->file == NULL) {
    free(reader);
    return NULL;
  }
  return reader;
}

void qz_png_reader_limit_chunks(qz_png_reader *reader, size_t count) {
  reader->chunk_limit = count;
}

static void open_library(qz_png_reader *reader) {
  qz_report *report = &reader->report;
  reader->png =
      png_create_read_struct_2(PNG_LIBPNG_VER_STRING, reader, on_error,
                               on_warning, reader, on_allocate, on_free);
  if (reader->png == NULL)
    qz_throw(report, QZ_NO_MEMORY, "libpng cannot be started");
  reader->info = png_create_info_struct(reader->png);
  if (reader->info == NULL) qz_throw(report, QZ_NO_MEMORY, "out of memory");
  png_set_read_fn(reader->png, reader, on_read);
  png_set_user_limits(reader->png, 0x7fffffff, 0x7fffffff);
  png_set_chunk_cache_max(reader->png, 1000);
  // Larger ones are refused while they are read.
  png_set_chunk_malloc_max(reader->png, reader->chunk_limit + 1024);
  check_chunks(reader->png);
  png_set_benign_errors(reader->png, 1);
  png_set_read_user_chunk_fn(reader->png, reader, on_chunk);
  png_set_keep_unknown_chunks(reader->png, PNG_HANDLE_CHUNK_ALWAYS, kept_names,
                              KEPT_KINDS);
  // Of these only texts with metadata and frames are looked at, in on_chunk;
  // passing them over saves inflating text.
  static const png_byte skipped[] =
      "tEXt\0zTXt\0bKGD\0hIST\0oFFs\0pCAL\0sBIT\0sCAL\0sPLT\0tIME\0"
      "acTL\0fcTL\0fdAT";
  png_set_keep_unknown_chunks(reader->png, PNG_HANDLE_CHUNK_NEVER, skipped, 13);
}

enum qz_status qz_png_reader_read_header(qz_png_reader *reader,
                                         qz_png_header *header) {
  qz_report *report = &reader->report;
  if (reader->png != NULL)
    return qz_fail(report, QZ_MISUSE, "the header was read before");
  if (setjmp(report->wall)) return report->status;
  open_library(reader);
  png_read_info(reader->png, reader->info);
  reader->header_read = 1;

  png_structp png = reader->png;
  png_infop info = reader->info;
  qz_png_header *found = &reader->header;
  found->width = png_get_image_width(png, info);
  found->height = png_get_image_height(png, info);
  found->bit_depth = png_get_bit_depth(png, info);
  found->color_type = png_get_color_type(png, info);
  found->interlaced =
      png_get_interlace_type(png, info) != PNG_INTERLACE_NONE;
  found->has_transparency = png_get_valid(png, info, PNG_INFO_tRNS) != 0;
  int alpha = found->has_transparency ||
              (found->color_type & PNG_COLOR_MASK_ALPHA) != 0;
  found->channels = alpha ? 4 : 3;
  *header = *found;
  return QZ_OK;
}

size_t qz_png_reader_data_start(const qz_png_reader *reader) {
  return reader->input_used;
}

void qz_png_reader_replace_data(qz_png_reader *reader, const uint8_t *bytes,
                                size_t count, size_t end) {
  if (!reader->header_read || reader->started || reader->file != NULL) return;
  reader->plain = bytes;
  reader->plain_left = count;
  reader->input_used = end;
  png_set_crc_action(reader->png, PNG_CRC_QUIET_USE, PNG_CRC_WARN_DISCARD);
#ifdef PNG_IGNORE_ADLER32
  png_set_option(reader->png, PNG_IGNORE_ADLER32, PNG_OPTION_ON);
#endif
}

const uint8_t *qz_png_reader_chunk(const qz_png_reader *reader,
                                   const char *name, size_t *count) {
  int kind = strlen(name) == 4 ? kept_kind(name) : -1;
  if (kind < 0 || reader->kept[kind].bytes == NULL) return NULL;
  *count = reader->kept[kind].count;
  return reader->kept[kind].bytes;
}

const uint8_t *qz_png_reader_raw_profile(const qz_png_reader *reader,
                                         const char *kind, size_t *count,
                                         int *is_compressed) {
  for (int i = 0; i < RAW_KINDS; i++) {
    if (strcmp(kind, raw_kinds[i]) != 0) continue;
    *count = reader->raw[i].count;
    *is_compressed = reader->raw_is_compressed[i];
    return reader->raw[i].bytes;
  }
  return NULL;
}

size_t qz_png_reader_frames(const qz_png_reader *reader, int *shows_image) {
  *shows_image = reader->shows_image;
  return reader->frames;
}

uint32_t qz_png_reader_sound_rows(const qz_png_reader *reader) {
  return reader->rows_read;
}

static void keep_palette(qz_png_reader *reader) {
  png_colorp colors = NULL;
  int count = 0;
  png_get_PLTE(reader->png, reader->info, &colors, &count);
  png_bytep alpha = NULL;
  int alpha_count = 0;
  png_get_tRNS(reader->png, reader->info, &alpha, &alpha_count, NULL);
  for (int i = 0; i < count && i < 256; i++) {
    reader->palette[i][0] = colors[i].red;
    reader->palette[i][1] = colors[i].green;
    reader->palette[i][2] = colors[i].blue;
    reader->palette[i][3] = alpha != NULL && i < alpha_count ? alpha[i] : 255;
  }
  reader->palette_count = (uint32_t)count;
}

static void start(qz_png_reader *reader) {
  png_structp png = reader->png;
  const qz_png_header *header = &reader->header;
  size_t row_bytes = (size_t)header->width * header->channels *
                     (header->bit_depth == 16 ? 2 : 1);
  if (header->color_type == PNG_COLOR_TYPE_PALETTE) {
    // libpng paints an index beyond the palette black; looked up here, it is
    // found out.
    keep_palette(reader);
    png_set_packing(png);
    row_bytes = header->width;
  } else {
    if (header->bit_depth < 8) png_set_expand_gray_1_2_4_to_8(png);
    if (header->has_transparency) png_set_tRNS_to_alpha(png);
    if ((header->color_type & PNG_COLOR_MASK_COLOR) == 0)
      png_set_gray_to_rgb(png);
    const uint16_t one = 1;
    if (header->bit_depth == 16 && *(const uint8_t *)&one == 1)
      png_set_swap(png);
  }
  png_set_interlace_handling(png);
  png_read_update_info(png, reader->info);
  if (png_get_rowbytes(png, reader->info) != row_bytes)
    png_error(png, "unexpected length of rows");
  reader->started = 1;
}

// Replaces the indices that stand at the end of a row's memory by colours from
// its beginning on; writing never overtakes reading.
static void look_up(qz_png_reader *reader, uint8_t *row) {
  size_t width = reader->header.width;
  size_t channels = reader->header.channels;
  const uint8_t *indices = row + width * (channels - 1);
  uint8_t greatest = 0;
  for (size_t x = 0; x < width; x++)
    if (indices[x] > greatest) greatest = indices[x];
  if (greatest >= reader->palette_count)
    png_error(reader->png, "a pixel names a colour beyond the palette");
  for (size_t x = 0; x < width; x++) {
    const uint8_t *color = reader->palette[indices[x]];
    uint8_t *pixel = row + x * channels;
    pixel[0] = color[0];
    pixel[1] = color[1];
    pixel[2] = color[2];
    if (channels == 4) pixel[3] = color[3];
  }
}

// What is left for the last row: its own bytes and some that are in no row, as
// some programs leave them.
static void begin_last_row(qz_png_reader *reader) {
  reader->data_left =
      2 * png_get_rowbytes(reader->png, reader->info) + 16384;
  reader->last_row = 1;
}

enum qz_status qz_png_reader_read_rows(qz_png_reader *reader, uint8_t *out,
                                       size_t stride, uint32_t rows) {
  qz_report *report = &reader->report;
  const qz_png_header *header = &reader->header;
  if (report->status != QZ_OK || !reader->header_read)
    return qz_fail(report, QZ_MISUSE, "rows cannot be read now");
  if (rows > header->height - reader->rows_read ||
      (header->interlaced && rows != header->height))
    return qz_fail(report, QZ_MISUSE, "wrong number of rows");
  if (setjmp(report->wall)) return report->status;

  if (!reader->started) start(reader);
  int indexed = header->color_type == PNG_COLOR_TYPE_PALETTE;
  size_t offset = indexed ? (size_t)header->width * (header->channels - 1) : 0;
  int passes = header->interlaced ? 7 : 1;
  uint32_t first = reader->rows_read;
  for (int pass = 0; pass < passes; pass++)
    for (uint32_t row = 0; row < rows; row++) {
      int is_last = pass == passes - 1;
      if (is_last && first + row + 1 == header->height) begin_last_row(reader);
      png_read_row(reader->png, out + row * stride + offset, NULL);
      if (!is_last) continue;
      if (indexed) look_up(reader, out + row * stride);
      // Before its end no row of an interlaced image is sound.
      if (!header->interlaced || row + 1 == rows)
        reader->rows_read = first + row + 1;
    }
  return QZ_OK;
}

enum qz_status qz_png_reader_finish(qz_png_reader *reader) {
  qz_report *report = &reader->report;
  if (report->status != QZ_OK || !reader->header_read ||
      reader->rows_read != reader->header.height)
    return qz_fail(report, QZ_MISUSE, "not all rows were read");
  if (setjmp(report->wall)) return report->status;
  // Without the info struct libpng would not look at the chunks that follow.
  png_read_end(reader->png, reader->info);
  return QZ_OK;
}

const char *qz_png_reader_message(const qz_png_reader *reader) {
  return reader->report.message;
}

const char *qz_png_reader_first_warning(const qz_png_reader *reader) {
  return reader->report.first_warning;
}

size_t qz_png_reader_warning_count(const qz_png_reader *reader) {
  return reader->report.warning_count;
}

void qz_png_reader_destroy(qz_png_reader *reader) {
  if (reader == NULL) return;
  if (reader->png != NULL)
    png_destroy_read_struct(&reader->png, &reader->info, NULL);
  for (int kind = 0; kind < KEPT_KINDS; kind++) free(reader->kept[kind].bytes);
  for (int kind = 0; kind < RAW_KINDS; kind++) free(reader->raw[kind].bytes);
  if (reader->file != NULL) fclose(reader->file);
  free(reader);
}
