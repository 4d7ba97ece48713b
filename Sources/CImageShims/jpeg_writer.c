#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>
// After jpeglib.h, for the numbers of its messages.
#include <jerror.h>

#include "report.h"

enum { BLOCK_BYTES = 65536 };

struct qz_jpeg_writer {
  qz_report report;
  struct jpeg_error_mgr errors;
  struct jpeg_destination_mgr destination;
  struct jpeg_compress_struct jpeg;
  qz_sink sink;
  int created;
  int started;
  int finished;
  uint8_t block[BLOCK_BYTES];
};

static void on_error(j_common_ptr jpeg) {
  qz_jpeg_writer *writer = jpeg->client_data;
  char text[JMSG_LENGTH_MAX];
  jpeg->err->format_message(jpeg, text);
  int code = jpeg->err->msg_code;
  int memory = code == JERR_OUT_OF_MEMORY || code == JERR_NO_BACKING_STORE;
  qz_throw(&writer->report, memory ? QZ_NO_MEMORY : QZ_MISUSE, text);
}

static void on_message(j_common_ptr jpeg, int level) {
  if (level >= 0) return;  // A trace, not a warning.
  qz_jpeg_writer *writer = jpeg->client_data;
  char text[JMSG_LENGTH_MAX];
  jpeg->err->format_message(jpeg, text);
  qz_warn(&writer->report, text);
}

// libjpeg would print here.
static void on_output(j_common_ptr jpeg) { (void)jpeg; }

static void take(qz_jpeg_writer *writer, size_t count) {
  if (!qz_sink_append(&writer->sink, writer->block, count))
    qz_throw(&writer->report, QZ_NO_MEMORY, "out of memory");
  writer->destination.next_output_byte = writer->block;
  writer->destination.free_in_buffer = BLOCK_BYTES;
}

static void on_begin(j_compress_ptr jpeg) { take(jpeg->client_data, 0); }

static boolean on_full(j_compress_ptr jpeg) {
  take(jpeg->client_data, BLOCK_BYTES);
  return TRUE;
}

static void on_end(j_compress_ptr jpeg) {
  take(jpeg->client_data, BLOCK_BYTES - jpeg->dest->free_in_buffer);
}

qz_jpeg_writer *qz_jpeg_writer_create(void) {
  return calloc(1, sizeof(qz_jpeg_writer));
}

enum qz_status qz_jpeg_writer_write_header(qz_jpeg_writer *writer,
                                           const qz_jpeg_layout *layout) {
  qz_report *report = &writer->report;
  j_compress_ptr jpeg = &writer->jpeg;
  if (writer->created)
    return qz_fail(report, QZ_MISUSE, "the header was written before");
  if (setjmp(report->wall)) return report->status;
  jpeg->err = jpeg_std_error(&writer->errors);
  writer->errors.error_exit = on_error;
  writer->errors.emit_message = on_message;
  writer->errors.output_message = on_output;
  jpeg->client_data = writer;
  writer->created = 1;
  jpeg_create_compress(jpeg);
  writer->destination.init_destination = on_begin;
  writer->destination.empty_output_buffer = on_full;
  writer->destination.term_destination = on_end;
  jpeg->dest = &writer->destination;
  jpeg->image_width = layout->width;
  jpeg->image_height = layout->height;
  jpeg->input_components = 3;
  jpeg->in_color_space = JCS_RGB;
  jpeg_set_defaults(jpeg);
  jpeg_set_quality(jpeg, layout->quality, TRUE);
  jpeg->dct_method = JDCT_ISLOW;
  jpeg->optimize_coding = layout->optimize ? TRUE : FALSE;
  jpeg->comp_info[0].h_samp_factor = layout->chroma_width_divisor;
  jpeg->comp_info[0].v_samp_factor = layout->chroma_height_divisor;
  if (layout->horizontal_density != 0 && layout->vertical_density != 0) {
    jpeg->density_unit = layout->density_unit;
    jpeg->X_density = layout->horizontal_density;
    jpeg->Y_density = layout->vertical_density;
  }
  if (layout->progressive) jpeg_simple_progression(jpeg);
  jpeg_start_compress(jpeg, TRUE);
  writer->started = 1;
  return QZ_OK;
}

enum qz_status qz_jpeg_writer_write_segment(qz_jpeg_writer *writer, int number,
                                            const uint8_t *bytes,
                                            size_t count) {
  qz_report *report = &writer->report;
  if (report->status != QZ_OK || !writer->started ||
      writer->jpeg.next_scanline > 0 || number < 0 || number > 15 ||
      count > 65533)
    return qz_fail(report, QZ_MISUSE, "a segment cannot be written now");
  if (setjmp(report->wall)) return report->status;
  jpeg_write_marker(&writer->jpeg, JPEG_APP0 + number, bytes,
                    (unsigned int)count);
  return QZ_OK;
}

enum qz_status qz_jpeg_writer_write_rows(qz_jpeg_writer *writer,
                                         const uint8_t *rows, size_t stride,
                                         uint32_t count) {
  qz_report *report = &writer->report;
  j_compress_ptr jpeg = &writer->jpeg;
  if (report->status != QZ_OK || !writer->started || writer->finished ||
      count > jpeg->image_height - jpeg->next_scanline)
    return qz_fail(report, QZ_MISUSE, "rows cannot be written now");
  if (setjmp(report->wall)) return report->status;
  for (uint32_t row = 0; row < count;) {
    JSAMPROW pointers[8];
    uint32_t batch = count - row < 8 ? count - row : 8;
    // libjpeg takes rows without const but only reads them.
    for (uint32_t i = 0; i < batch; i++)
      pointers[i] = (JSAMPROW)(uintptr_t)(rows + (row + i) * stride);
    row += jpeg_write_scanlines(jpeg, pointers, batch);
  }
  return QZ_OK;
}

enum qz_status qz_jpeg_writer_finish(qz_jpeg_writer *writer) {
  qz_report *report = &writer->report;
  j_compress_ptr jpeg = &writer->jpeg;
  if (report->status != QZ_OK || !writer->started || writer->finished ||
      jpeg->next_scanline != jpeg->image_height)
    return qz_fail(report, QZ_MISUSE, "not all rows were written");
  if (setjmp(report->wall)) return report->status;
  jpeg_finish_compress(jpeg);
  writer->finished = 1;
  return QZ_OK;
}

const uint8_t *qz_jpeg_writer_bytes(const qz_jpeg_writer *writer,
                                    size_t *count) {
  *count = writer->sink.count;
  return writer->sink.bytes;
}

void qz_jpeg_writer_discard(qz_jpeg_writer *writer) { writer->sink.count = 0; }

const char *qz_jpeg_writer_message(const qz_jpeg_writer *writer) {
  return writer->report.message;
}

const char *qz_jpeg_writer_first_warning(const qz_jpeg_writer *writer) {
  return writer->report.first_warning;
}

size_t qz_jpeg_writer_warning_count(const qz_jpeg_writer *writer) {
  return writer->report.warning_count;
}

void qz_jpeg_writer_destroy(qz_jpeg_writer *writer) {
  if (writer == NULL) return;
  if (writer->created) jpeg_destroy_compress(&writer->jpeg);
  free(writer->sink.bytes);
  free(writer);
}
