#include <libdeflate.h>
#include <png.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

struct qz_png_writer {
  qz_report report;
  qz_sink sink;
  png_structp png;
  png_infop info;
  qz_png_layout layout;
  int has_profile;
  int header_written;
  // Whether the rows were written as one stream, which libpng knows nothing of.
  int has_stream;
  int finished;
};

static void on_error(png_structp png, png_const_charp text) {
  qz_png_writer *writer = png_get_error_ptr(png);
  qz_report *report = &writer->report;
  qz_throw(report, report->starved ? QZ_NO_MEMORY : QZ_MISUSE, text);
}

static void on_warning(png_structp png, png_const_charp text) {
  qz_png_writer *writer = png_get_error_ptr(png);
  qz_warn(&writer->report, text);
}

static png_voidp on_allocate(png_structp png, png_alloc_size_t count) {
  void *block = malloc(count);
  if (block == NULL) {
    qz_png_writer *writer = png_get_mem_ptr(png);
    writer->report.starved = 1;
  }
  return block;
}

static void on_free(png_structp png, png_voidp block) {
  (void)png;
  free(block);
}

static void on_write(png_structp png, png_bytep bytes, size_t count) {
  qz_png_writer *writer = png_get_io_ptr(png);
  if (!qz_sink_append(&writer->sink, bytes, count))
    qz_throw(&writer->report, QZ_NO_MEMORY, "out of memory");
}

// png_write_chunk, whose checksum by zlib takes as long as a tenth of the
// compression.
static void write_image_data(qz_png_writer *writer, const uint8_t *payload,
                             size_t count) {
  uint8_t head[8], tail[4];
  png_save_uint_32(head, (png_uint_32)count);
  memcpy(head + 4, "IDAT", 4);
  uint32_t checksum = libdeflate_crc32(0, head + 4, 4);
  checksum = libdeflate_crc32(checksum, payload, count);
  png_save_uint_32(tail, checksum);
  if (!qz_sink_append(&writer->sink, head, sizeof head) ||
      !qz_sink_append(&writer->sink, payload, count) ||
      !qz_sink_append(&writer->sink, tail, sizeof tail))
    qz_throw(&writer->report, QZ_NO_MEMORY, "out of memory");
}

static void on_flush(png_structp png) { (void)png; }

qz_png_writer *qz_png_writer_create(void) {
  return calloc(1, sizeof(qz_png_writer));
}

enum qz_status qz_png_writer_begin(qz_png_writer *writer,
                                   const qz_png_layout *layout) {
  qz_report *report = &writer->report;
  if (writer->png != NULL)
    return qz_fail(report, QZ_MISUSE, "the image was begun before");
  if (setjmp(report->wall)) return report->status;
  writer->png =
      png_create_write_struct_2(PNG_LIBPNG_VER_STRING, writer, on_error,
                                on_warning, writer, on_allocate, on_free);
  if (writer->png == NULL)
    qz_throw(report, QZ_NO_MEMORY, "libpng cannot be started");
  png_structp png = writer->png;
  writer->info = png_create_info_struct(png);
  if (writer->info == NULL) qz_throw(report, QZ_NO_MEMORY, "out of memory");
  png_set_write_fn(png, writer, on_write, on_flush);
  png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
  png_set_IHDR(png, writer->info, layout->width, layout->height,
               layout->bit_depth, layout->color_type, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  writer->layout = *layout;
  return QZ_OK;
}

// Whether the header can still be added to.
static int is_open(const qz_png_writer *writer) {
  return writer->report.status == QZ_OK && writer->png != NULL &&
         !writer->header_written;
}

enum qz_status qz_png_writer_set_palette(qz_png_writer *writer,
                                         const uint8_t *colors, size_t count,
                                         const uint8_t *alphas,
                                         size_t alpha_count) {
  qz_report *report = &writer->report;
  if (!is_open(writer) || count < 1 || count > 256 || alpha_count > count)
    return qz_fail(report, QZ_MISUSE, "the palette cannot be set now");
  if (setjmp(report->wall)) return report->status;
  png_color entries[256];
  for (size_t i = 0; i < count; i++) {
    entries[i].red = colors[3 * i];
    entries[i].green = colors[3 * i + 1];
    entries[i].blue = colors[3 * i + 2];
  }
  png_set_PLTE(writer->png, writer->info, entries, (int)count);
  if (alpha_count > 0)
    png_set_tRNS(writer->png, writer->info, alphas, (int)alpha_count, NULL);
  return QZ_OK;
}

enum qz_status qz_png_writer_set_profile(qz_png_writer *writer,
                                         const uint8_t *profile,
                                         size_t count) {
  qz_report *report = &writer->report;
  if (!is_open(writer))
    return qz_fail(report, QZ_MISUSE, "the profile cannot be set now");
  if (count > PNG_UINT_31_MAX)
    return qz_fail(report, QZ_MISUSE, "the ICC profile is too long");
  if (setjmp(report->wall)) return report->status;
  // A profile that libpng does not like is only warned of.
  png_set_benign_errors(writer->png, 1);
  png_set_iCCP(writer->png, writer->info, "ICC profile",
               PNG_COMPRESSION_TYPE_BASE, profile, (png_uint_32)count);
  png_set_benign_errors(writer->png, 0);
  if (!png_get_valid(writer->png, writer->info, PNG_INFO_iCCP))
    return qz_fail(report, QZ_MISUSE,
                   report->warning_count > 0 ? report->first_warning
                                             : "the ICC profile is broken");
  writer->has_profile = 1;
  return QZ_OK;
}

enum qz_status qz_png_writer_set_density(qz_png_writer *writer,
                                         uint32_t horizontal, uint32_t vertical,
                                         int is_metric) {
  qz_report *report = &writer->report;
  if (!is_open(writer))
    return qz_fail(report, QZ_MISUSE, "the density cannot be set now");
  if (setjmp(report->wall)) return report->status;
  png_set_pHYs(writer->png, writer->info, horizontal, vertical,
               is_metric ? PNG_RESOLUTION_METER : PNG_RESOLUTION_UNKNOWN);
  return QZ_OK;
}

enum qz_status qz_png_writer_write_header(qz_png_writer *writer) {
  qz_report *report = &writer->report;
  if (!is_open(writer))
    return qz_fail(report, QZ_MISUSE, "the header cannot be written now");
  if (setjmp(report->wall)) return report->status;
  if (writer->layout.marks_srgb && !writer->has_profile)
    png_set_sRGB(writer->png, writer->info, PNG_sRGB_INTENT_PERCEPTUAL);
  png_write_info(writer->png, writer->info);
  writer->header_written = 1;
  return QZ_OK;
}

enum qz_status qz_png_writer_write_chunk(qz_png_writer *writer,
                                         const char *name,
                                         const uint8_t *payload, size_t count) {
  qz_report *report = &writer->report;
  if (report->status != QZ_OK || !writer->header_written ||
      writer->has_stream)
    return qz_fail(report, QZ_MISUSE, "a chunk cannot be written now");
  if (count > PNG_UINT_31_MAX)
    return qz_fail(report, QZ_MISUSE, "a chunk is too long");
  if (setjmp(report->wall)) return report->status;
  png_write_chunk(writer->png, (png_const_bytep)name, payload, count);
  return QZ_OK;
}

enum qz_status qz_png_writer_write_stream(qz_png_writer *writer,
                                          const uint8_t *stream,
                                          size_t count) {
  qz_report *report = &writer->report;
  if (report->status != QZ_OK || !writer->header_written || writer->finished)
    return qz_fail(report, QZ_MISUSE, "a stream cannot be written now");
  if (setjmp(report->wall)) return report->status;
  // The length of a chunk has 31 bits; a stream may go on in the next.
  const size_t most = (size_t)1 << 30;
  for (size_t start = 0; start < count; start += most) {
    size_t rest = count - start;
    write_image_data(writer, stream + start, rest < most ? rest : most);
  }
  writer->has_stream = 1;
  return QZ_OK;
}

enum qz_status qz_png_writer_finish(qz_png_writer *writer) {
  qz_report *report = &writer->report;
  if (report->status != QZ_OK || !writer->header_written ||
      writer->finished || !writer->has_stream)
    return qz_fail(report, QZ_MISUSE, "not all rows were written");
  if (setjmp(report->wall)) return report->status;
  // png_write_end wants image data that went through libpng.
  png_write_chunk(writer->png, (png_const_bytep) "IEND", NULL, 0);
  writer->finished = 1;
  return QZ_OK;
}

const uint8_t *qz_png_writer_bytes(const qz_png_writer *writer,
                                   size_t *count) {
  *count = writer->sink.count;
  return writer->sink.bytes;
}

void qz_png_writer_discard(qz_png_writer *writer) { writer->sink.count = 0; }

const char *qz_png_writer_message(const qz_png_writer *writer) {
  return writer->report.message;
}

const char *qz_png_writer_first_warning(const qz_png_writer *writer) {
  return writer->report.first_warning;
}

size_t qz_png_writer_warning_count(const qz_png_writer *writer) {
  return writer->report.warning_count;
}

void qz_png_writer_destroy(qz_png_writer *writer) {
  if (writer == NULL) return;
  if (writer->png != NULL)
    png_destroy_write_struct(&writer->png, &writer->info);
  free(writer->sink.bytes);
  free(writer);
}
