#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>
// After jpeglib.h, for the numbers of its messages.
#include <jerror.h>

#include "report.h"

// A file of this many scans is not a picture but a trap: each one costs a pass
// over the whole image.
enum { MOST_SCANS = 500 };

struct qz_jpeg_reader {
  qz_report report;
  struct jpeg_error_mgr errors;
  struct jpeg_progress_mgr progress;
  struct jpeg_decompress_struct jpeg;
  const uint8_t *input;
  size_t input_count;
  FILE *file;
  int created;
  int header_read;
  int started;
  // Bit c: component c has come, in a scan that starts its coefficients.
  unsigned components_seen;
  // Whether the file ended before the end marker.
  int lacks_end;
  size_t damage_count;
  // The rows before the damage that are decoded.
  uint32_t sound_rows;
  char damage[QZ_MESSAGE_BYTES];
};

// Whether a row takes half of its colour from the row of blocks below: libjpeg
// smooths colour that has half the height.
static int needs_row_below(j_decompress_ptr jpeg) {
  for (int c = 0; c < jpeg->num_components; c++)
    if (2 * jpeg->comp_info[c].v_samp_factor == jpeg->max_v_samp_factor)
      return 1;
  return 0;
}

// Keeps how many rows were sound when the first damage was met: all of the rows
// of blocks before the one that is decoded, but for a row whose colour is not
// whole. Several scans have none before the last is complete.
static void note_damage(qz_jpeg_reader *reader) {
  j_decompress_ptr jpeg = &reader->jpeg;
  if (reader->damage_count++ > 0) return;
  if (!reader->header_read || jpeg_has_multiple_scans(jpeg)) return;
  size_t rows = (size_t)jpeg->input_iMCU_row *
                (size_t)jpeg->max_v_samp_factor * DCTSIZE;
  if (rows >= jpeg->image_height)
    reader->sound_rows = jpeg->image_height;
  else if (rows > 0)
    reader->sound_rows = (uint32_t)rows - (needs_row_below(jpeg) ? 1 : 0);
}

static void on_error(j_common_ptr jpeg) {
  qz_jpeg_reader *reader = jpeg->client_data;
  char text[JMSG_LENGTH_MAX];
  jpeg->err->format_message(jpeg, text);
  enum qz_status status = QZ_DAMAGED;
  switch (jpeg->err->msg_code) {
  case JERR_OUT_OF_MEMORY:
  case JERR_NO_BACKING_STORE:
    status = QZ_NO_MEMORY;
    break;
  case JERR_IMAGE_TOO_BIG:
  case JERR_BAD_PRECISION:
  case JERR_SOF_UNSUPPORTED:
  case JERR_CONVERSION_NOTIMPL:
  case JERR_NOT_COMPILED:
    status = QZ_UNSUPPORTED;
    break;
  default:
    break;
  }
  if (status == QZ_DAMAGED) note_damage(reader);
  qz_throw(&reader->report, status, text);
}

static void on_message(j_common_ptr jpeg, int level) {
  if (level >= 0) return;  // A trace, not a warning.
  qz_jpeg_reader *reader = jpeg->client_data;
  char text[JMSG_LENGTH_MAX];
  jpeg->err->format_message(jpeg, text);
  if (jpeg->err->msg_code == JWRN_JPEG_EOF) {
    reader->lacks_end = 1;
    // If samples are missing too, another warning says so, but not with
    // arithmetic coding, which may leave zeros out at the end.
    if (!reader->jpeg.arith_code) return;
  }
  qz_warn(&reader->report, text);
  switch (jpeg->err->msg_code) {
  // About the wording of a header.
  case JWRN_JFIF_MAJOR:
  case JWRN_ADOBE_XFORM:
  case JWRN_NOT_SEQUENTIAL:
  // Bytes that belong to nothing, as some cameras write them before a marker:
  // the samples are whole.
  case JWRN_EXTRANEOUS_DATA:
    return;
  // All others tell of image data that is missing or wrong.
  default:
    break;
  }
  if (reader->damage_count == 0) {
    snprintf(reader->damage, sizeof reader->damage, "%.*s",
             QZ_MESSAGE_BYTES - 1, text);
  }
  note_damage(reader);
}

// libjpeg would print here.
static void on_output(j_common_ptr jpeg) { (void)jpeg; }

static void stop_if_damaged(qz_jpeg_reader *reader) {
  if (reader->damage_count > 0)
    qz_throw(&reader->report, QZ_DAMAGED, reader->damage);
}

// Called between the rows of blocks while scans are collected.
static void on_progress(j_common_ptr common) {
  qz_jpeg_reader *reader = common->client_data;
  j_decompress_ptr jpeg = &reader->jpeg;
  stop_if_damaged(reader);
  if (jpeg->input_scan_number > MOST_SCANS)
    qz_throw(&reader->report, QZ_DAMAGED, "more than 500 scans");
  if (!jpeg->progressive_mode || jpeg->Ss == 0)
    for (int i = 0; i < jpeg->comps_in_scan; i++)
      reader->components_seen |= 1u << jpeg->cur_comp_info[i]->component_index;
}

qz_jpeg_reader *qz_jpeg_reader_create(const uint8_t *bytes, size_t count) {
  qz_jpeg_reader *reader = calloc(1, sizeof *reader);
  if (reader == NULL) return NULL;
  reader->input = bytes;
  reader->input_count = count;
  return reader;
}

qz_jpeg_reader *qz_jpeg_reader_open(int descriptor) {
  qz_jpeg_reader *reader = qz_jpeg_reader_create(NULL, 0);
  if (reader == NULL) return NULL;
  reader->file = qz_open_file(descriptor);
  if (reader->file == NULL) {
    free(reader);
    return NULL;
  }
  return reader;
}

enum qz_status qz_jpeg_reader_read_header(qz_jpeg_reader *reader,
                                          qz_jpeg_header *header) {
  qz_report *report = &reader->report;
  j_decompress_ptr jpeg = &reader->jpeg;
  if (reader->created)
    return qz_fail(report, QZ_MISUSE, "the header was read before");
  if (setjmp(report->wall)) return report->status;
  jpeg->err = jpeg_std_error(&reader->errors);
  reader->errors.error_exit = on_error;
  reader->errors.emit_message = on_message;
  reader->errors.output_message = on_output;
  jpeg->client_data = reader;
  // Set before the call: destroy copes with a half-made struct, as the
  // memory manager is the last thing made.
  reader->created = 1;
  jpeg_create_decompress(jpeg);
  reader->progress.progress_monitor = on_progress;
  jpeg->progress = &reader->progress;
  if (reader->file != NULL)
    jpeg_stdio_src(jpeg, reader->file);
  else
    jpeg_mem_src(jpeg, reader->input, reader->input_count);
  jpeg_read_header(jpeg, TRUE);
  stop_if_damaged(reader);
  header->width = jpeg->image_width;
  header->height = jpeg->image_height;
  header->components = (uint8_t)jpeg->num_components;
  header->precision = (uint8_t)jpeg->data_precision;
  header->progressive = jpeg->progressive_mode != 0;
  header->arithmetic = jpeg->arith_code != 0;
  header->several_scans = jpeg_has_multiple_scans(jpeg) != 0;
  reader->header_read = 1;
  return QZ_OK;
}

// Whether all bits of all coefficients have come, where a file has no end that
// would say so.
static int has_all_bits(j_decompress_ptr jpeg) {
  if (!jpeg->progressive_mode) return 1;
  if (jpeg->coef_bits == NULL) return 0;
  for (int c = 0; c < jpeg->num_components; c++)
    for (int k = 0; k < DCTSIZE2; k++)
      if (jpeg->coef_bits[c][k] != 0) return 0;
  return 1;
}

static void start(qz_jpeg_reader *reader) {
  j_decompress_ptr jpeg = &reader->jpeg;
  jpeg->out_color_space = jpeg->num_components == 4 ? JCS_CMYK : JCS_RGB;
  jpeg->dct_method = JDCT_ISLOW;
  jpeg->do_fancy_upsampling = TRUE;
  boolean several = jpeg_has_multiple_scans(jpeg);
  jpeg_start_decompress(jpeg);
  stop_if_damaged(reader);
  // A scan that never came would show as grey, without a word.
  unsigned all = (1u << jpeg->num_components) - 1;
  if (several && reader->components_seen != all)
    qz_throw(&reader->report, QZ_DAMAGED, "a colour component is missing");
  if (several && reader->lacks_end && !has_all_bits(jpeg))
    qz_throw(&reader->report, QZ_DAMAGED, "the file ends before its last scan");
  reader->started = 1;
}

enum qz_status qz_jpeg_reader_read_rows(qz_jpeg_reader *reader, uint8_t *out,
                                        size_t stride, uint32_t rows) {
  qz_report *report = &reader->report;
  j_decompress_ptr jpeg = &reader->jpeg;
  if (report->status != QZ_OK || !reader->header_read)
    return qz_fail(report, QZ_MISUSE, "rows cannot be read now");
  if (jpeg->data_precision != 8)
    return qz_fail(report, QZ_UNSUPPORTED, "not 8 bits a sample");
  uint32_t done = reader->started ? jpeg->output_scanline : 0;
  if (rows > jpeg->image_height - done)
    return qz_fail(report, QZ_MISUSE, "wrong number of rows");
  if (setjmp(report->wall)) return report->status;
  if (!reader->started) start(reader);
  for (uint32_t row = 0; row < rows;) {
    JSAMPROW pointers[8];
    uint32_t batch = rows - row < 8 ? rows - row : 8;
    for (uint32_t i = 0; i < batch; i++)
      pointers[i] = out + (row + i) * stride;
    row += jpeg_read_scanlines(jpeg, pointers, batch);
    stop_if_damaged(reader);
  }
  return QZ_OK;
}

enum qz_status qz_jpeg_reader_finish(qz_jpeg_reader *reader) {
  qz_report *report = &reader->report;
  j_decompress_ptr jpeg = &reader->jpeg;
  if (report->status != QZ_OK || !reader->started ||
      jpeg->output_scanline != jpeg->output_height)
    return qz_fail(report, QZ_MISUSE, "not all rows were read");
  if (setjmp(report->wall)) return report->status;
  jpeg_finish_decompress(jpeg);
  stop_if_damaged(reader);
  return QZ_OK;
}

int qz_jpeg_reader_lacks_end(const qz_jpeg_reader *reader) {
  return reader->lacks_end;
}

uint32_t qz_jpeg_reader_sound_rows(const qz_jpeg_reader *reader) {
  return reader->sound_rows;
}

const char *qz_jpeg_reader_message(const qz_jpeg_reader *reader) {
  return reader->report.message;
}

const char *qz_jpeg_reader_first_warning(const qz_jpeg_reader *reader) {
  return reader->report.first_warning;
}

size_t qz_jpeg_reader_warning_count(const qz_jpeg_reader *reader) {
  return reader->report.warning_count;
}

void qz_jpeg_reader_destroy(qz_jpeg_reader *reader) {
  if (reader == NULL) return;
  if (reader->created) jpeg_destroy_decompress(&reader->jpeg);
  if (reader->file != NULL) fclose(reader->file);
  free(reader);
}
