#include "CTIFFShims.h"

#include <stdlib.h>
#include <tiffio.h>

struct qz_tiff_writer {
  TIFF *file;
};

qz_tiff_writer *qz_tiff_writer_create(const char *path, int is_big) {
  // What goes wrong is told by the caller, on one line.
  TIFFSetErrorHandler(NULL);
  TIFFSetWarningHandler(NULL);
  qz_tiff_writer *writer = malloc(sizeof *writer);
  if (writer == NULL) return NULL;
  // Little-endian on every machine.
  writer->file = TIFFOpen(path, is_big ? "wl8" : "wl");
  if (writer->file == NULL) {
    free(writer);
    return NULL;
  }
  return writer;
}

int qz_tiff_writer_begin(qz_tiff_writer *writer, const qz_tiff_page *page) {
  TIFF *file = writer->file;
  int format = page->bits == 32 ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT;
  int ok =
      TIFFSetField(file, TIFFTAG_IMAGEWIDTH, page->width) &&
      TIFFSetField(file, TIFFTAG_IMAGELENGTH, page->height) &&
      TIFFSetField(file, TIFFTAG_BITSPERSAMPLE, (int)page->bits) &&
      TIFFSetField(file, TIFFTAG_SAMPLESPERPIXEL, 1) &&
      TIFFSetField(file, TIFFTAG_SAMPLEFORMAT, format) &&
      TIFFSetField(file, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK) &&
      TIFFSetField(file, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT) &&
      TIFFSetField(file, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) &&
      TIFFSetField(file, TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE) &&
      TIFFSetField(file, TIFFTAG_ROWSPERSTRIP, page->rows_per_strip) &&
      TIFFSetField(file, TIFFTAG_SUBFILETYPE, FILETYPE_PAGE) &&
      TIFFSetField(file, TIFFTAG_PAGENAME, page->name);
  // The numbers of pages have 16 bits.
  if (ok && page->pages <= 0xffff)
    ok = TIFFSetField(file, TIFFTAG_PAGENUMBER, (int)page->page,
                      (int)page->pages);
  if (ok && page->description != NULL)
    ok = TIFFSetField(file, TIFFTAG_IMAGEDESCRIPTION, page->description);
  return ok;
}

int qz_tiff_writer_write(qz_tiff_writer *writer, uint32_t strip, void *samples,
                         size_t bytes) {
  return TIFFWriteEncodedStrip(writer->file, strip, samples,
                               (tmsize_t)bytes) == (tmsize_t)bytes;
}

int qz_tiff_writer_end(qz_tiff_writer *writer) {
  return TIFFWriteDirectory(writer->file);
}

int qz_tiff_writer_close(qz_tiff_writer *writer) {
  int ok = TIFFFlush(writer->file);
  TIFFClose(writer->file);
  free(writer);
  return ok;
}
