#include "tiff_writer.h"

#include <stdlib.h>

#include "tiff_library.h"

struct qz_tiff_writer {
  TIFF *file;
  int is_plain;
  // Of the page of a plain file.
  size_t row_bytes;
  uint32_t rows_per_strip;
};

#define QZ_FIELD(tag, type, name) \
  {tag, TIFF_VARIABLE2, TIFF_VARIABLE2, type, FIELD_CUSTOM, 1, 1, (char *)name}

// GeoTIFF 1.1 (OGC 19-008r4), GDAL's value of pixels without data, and ImageJ's
// metadata.
static const TIFFFieldInfo fields[] = {
    QZ_FIELD(33550, TIFF_DOUBLE, "ModelPixelScale"),
    QZ_FIELD(33922, TIFF_DOUBLE, "ModelTiepoint"),
    QZ_FIELD(34264, TIFF_DOUBLE, "ModelTransformation"),
    QZ_FIELD(34735, TIFF_SHORT, "GeoKeyDirectory"),
    QZ_FIELD(34736, TIFF_DOUBLE, "GeoDoubleParams"),
    QZ_FIELD(34737, TIFF_ASCII, "GeoAsciiParams"),
    QZ_FIELD(50838, TIFF_LONG, "ImageJMetadataCounts"),
    QZ_FIELD(50839, TIFF_BYTE, "ImageJMetadata"),
};

enum { field_count = sizeof fields / sizeof fields[0] };

int qz_tiff_knows_tag(uint16_t tag) {
  for (int i = 0; i < field_count; i++)
    if (fields[i].field_tag == tag) return 1;
  return tag == TIFFTAG_ICCPROFILE || tag == TIFFTAG_XMLPACKET;
}

qz_tiff_writer *qz_tiff_writer_create(const char *path, int is_big,
                                      int is_plain) {
  if (!qz_tiff_load()) return NULL;
  qz_tiff_writer *writer = malloc(sizeof *writer);
  if (writer == NULL) return NULL;
  // Little-endian on every machine.
  writer->is_plain = is_plain;
  writer->row_bytes = writer->rows_per_strip = 0;
  // What was declared is read again.
  writer->file = qz_tiff.TIFFOpen(
      path, is_plain ? (is_big ? "w+l8" : "w+l") : (is_big ? "wl8" : "wl"));
  if (writer->file == NULL) {
    free(writer);
    return NULL;
  }
  qz_tiff.TIFFMergeFieldInfo(writer->file, fields, field_count);
  return writer;
}

static int describe(qz_tiff_writer *writer, const qz_tiff_page *page) {
  TIFF *file = writer->file;
  int format = page->is_float ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT;
  int compression =
      writer->is_plain ? COMPRESSION_NONE : COMPRESSION_ADOBE_DEFLATE;
  int photometric =
      page->samples >= 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK;
  uint32_t rows = writer->is_plain ? page->height : page->rows_per_strip;
  int ok =
      qz_tiff.TIFFSetField(file, TIFFTAG_IMAGEWIDTH, page->width) &&
      qz_tiff.TIFFSetField(file, TIFFTAG_IMAGELENGTH, page->height) &&
      qz_tiff.TIFFSetField(file, TIFFTAG_BITSPERSAMPLE, (int)page->bits) &&
      qz_tiff.TIFFSetField(file, TIFFTAG_SAMPLESPERPIXEL,
                           (int)page->samples) &&
      qz_tiff.TIFFSetField(file, TIFFTAG_SAMPLEFORMAT, format) &&
      qz_tiff.TIFFSetField(file, TIFFTAG_PHOTOMETRIC, photometric) &&
      qz_tiff.TIFFSetField(file, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT) &&
      qz_tiff.TIFFSetField(file, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) &&
      qz_tiff.TIFFSetField(file, TIFFTAG_COMPRESSION, compression) &&
      qz_tiff.TIFFSetField(file, TIFFTAG_ROWSPERSTRIP, rows) &&
      qz_tiff.TIFFSetField(file, TIFFTAG_SUBFILETYPE, FILETYPE_PAGE) &&
      qz_tiff.TIFFSetField(file, TIFFTAG_PAGENAME, page->name);
  if (ok && page->samples == 4) {
    uint16_t extra = EXTRASAMPLE_UNASSALPHA;
    ok = qz_tiff.TIFFSetField(file, TIFFTAG_EXTRASAMPLES, 1, &extra);
  }
  // The numbers of pages have 16 bits.
  if (ok && page->pages <= 0xffff)
    ok = qz_tiff.TIFFSetField(file, TIFFTAG_PAGENUMBER, (int)page->page,
                      (int)page->pages);
  if (ok && page->description != NULL)
    ok = qz_tiff.TIFFSetField(file, TIFFTAG_IMAGEDESCRIPTION, page->description);
  if (ok && page->columns_per_inch > 0)
    ok = qz_tiff.TIFFSetField(file, TIFFTAG_XRESOLUTION,
                              page->columns_per_inch) &&
         qz_tiff.TIFFSetField(file, TIFFTAG_YRESOLUTION, page->rows_per_inch) &&
         qz_tiff.TIFFSetField(file, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
  for (size_t i = 0; ok && i < page->tag_count; i++)
    ok = qz_tiff.TIFFSetField(file, page->tags[i].tag, page->tags[i].count,
                              page->tags[i].elements);
  return ok;
}

int qz_tiff_writer_declare(qz_tiff_writer *writer, const qz_tiff_page *page) {
  return describe(writer, page) &&
         qz_tiff.TIFFDeferStrileArrayWriting(writer->file) &&
         qz_tiff.TIFFWriteCheck(writer->file, 0, "declare") &&
         qz_tiff.TIFFWriteDirectory(writer->file);
}

int qz_tiff_writer_begin(qz_tiff_writer *writer, const qz_tiff_page *page) {
  if (!writer->is_plain) return describe(writer, page);
  writer->row_bytes = (size_t)page->width * page->samples * page->bits / 8;
  writer->rows_per_strip = page->rows_per_strip;
  int is_there = page->page == 0 ? qz_tiff.TIFFSetDirectory(writer->file, 0)
                                 : qz_tiff.TIFFReadDirectory(writer->file);
  return is_there && qz_tiff.TIFFForceStrileArrayWriting(writer->file);
}

static int write_rows(qz_tiff_writer *writer, uint32_t first, uint8_t *samples,
                      size_t bytes) {
  uint32_t rows = (uint32_t)(bytes / writer->row_bytes);
  for (uint32_t row = 0; row < rows; row++)
    if (qz_tiff.TIFFWriteScanline(writer->file, samples + row * writer->row_bytes,
                                  first + row, 0) < 0)
      return 0;
  return 1;
}

int qz_tiff_writer_write(qz_tiff_writer *writer, uint32_t strip, void *samples,
                         size_t bytes) {
  if (writer->is_plain)
    return write_rows(writer, strip * writer->rows_per_strip, samples, bytes);
  return qz_tiff.TIFFWriteEncodedStrip(writer->file, strip, samples,
                                       (tmsize_t)bytes) == (tmsize_t)bytes;
}

int qz_tiff_writer_end(qz_tiff_writer *writer) {
  return writer->is_plain ? qz_tiff.TIFFFlush(writer->file)
                          : qz_tiff.TIFFWriteDirectory(writer->file);
}

int qz_tiff_writer_close(qz_tiff_writer *writer) {
  int ok = qz_tiff.TIFFFlush(writer->file);
  qz_tiff.TIFFClose(writer->file);
  free(writer);
  return ok;
}
