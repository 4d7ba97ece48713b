#include "tiff_writer.h"

#include <pthread.h>
#include <stdlib.h>
#include <tiffio.h>

#include "library.h"

// The functions that are used. Their types are those of the headers.
#define QZ_TIFF_FUNCTIONS(F) \
  F(TIFFClose) \
  F(TIFFFlush) \
  F(TIFFOpen) \
  F(TIFFSetErrorHandler) \
  F(TIFFSetField) \
  F(TIFFSetWarningHandler) \
  F(TIFFWriteDirectory) \
  F(TIFFWriteEncodedStrip)

static union {
  struct {
#define QZ_TIFF_FIELD(name) __typeof__(&name) name;
    QZ_TIFF_FUNCTIONS(QZ_TIFF_FIELD)
  };
#define QZ_TIFF_COUNT(name) +1
  void *addresses[QZ_TIFF_FUNCTIONS(QZ_TIFF_COUNT)];
} tiff;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int is_loaded;

// What is used of the library is the same in versions 5 and 6 of its interface.
static const char *const libraries[] = {
#ifdef __APPLE__
    "libtiff.6.dylib", "/opt/homebrew/lib/libtiff.dylib",
    "/usr/local/lib/libtiff.dylib",
#else
    "libtiff.so.6", "libtiff.so.5",
#endif
    NULL};

static void load(void) {
#define QZ_TIFF_NAME(name) #name,
  static const char *const names[] = {QZ_TIFF_FUNCTIONS(QZ_TIFF_NAME) NULL};
  is_loaded = qz_load(libraries, names, tiff.addresses);
}

int qz_tiff_load(void) {
  pthread_once(&once, load);
  return is_loaded;
}

const char *qz_tiff_library(void) { return libraries[0]; }

struct qz_tiff_writer {
  TIFF *file;
};

qz_tiff_writer *qz_tiff_writer_create(const char *path, int is_big) {
  if (!qz_tiff_load()) return NULL;
  // What goes wrong is told by the caller, on one line.
  tiff.TIFFSetErrorHandler(NULL);
  tiff.TIFFSetWarningHandler(NULL);
  qz_tiff_writer *writer = malloc(sizeof *writer);
  if (writer == NULL) return NULL;
  // Little-endian on every machine.
  writer->file = tiff.TIFFOpen(path, is_big ? "wl8" : "wl");
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
      tiff.TIFFSetField(file, TIFFTAG_IMAGEWIDTH, page->width) &&
      tiff.TIFFSetField(file, TIFFTAG_IMAGELENGTH, page->height) &&
      tiff.TIFFSetField(file, TIFFTAG_BITSPERSAMPLE, (int)page->bits) &&
      tiff.TIFFSetField(file, TIFFTAG_SAMPLESPERPIXEL, 1) &&
      tiff.TIFFSetField(file, TIFFTAG_SAMPLEFORMAT, format) &&
      tiff.TIFFSetField(file, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK) &&
      tiff.TIFFSetField(file, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT) &&
      tiff.TIFFSetField(file, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) &&
      tiff.TIFFSetField(file, TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE) &&
      tiff.TIFFSetField(file, TIFFTAG_ROWSPERSTRIP, page->rows_per_strip) &&
      tiff.TIFFSetField(file, TIFFTAG_SUBFILETYPE, FILETYPE_PAGE) &&
      tiff.TIFFSetField(file, TIFFTAG_PAGENAME, page->name);
  // The numbers of pages have 16 bits.
  if (ok && page->pages <= 0xffff)
    ok = tiff.TIFFSetField(file, TIFFTAG_PAGENUMBER, (int)page->page,
                      (int)page->pages);
  if (ok && page->description != NULL)
    ok = tiff.TIFFSetField(file, TIFFTAG_IMAGEDESCRIPTION, page->description);
  return ok;
}

int qz_tiff_writer_write(qz_tiff_writer *writer, uint32_t strip, void *samples,
                         size_t bytes) {
  return tiff.TIFFWriteEncodedStrip(writer->file, strip, samples,
                               (tmsize_t)bytes) == (tmsize_t)bytes;
}

int qz_tiff_writer_end(qz_tiff_writer *writer) {
  return tiff.TIFFWriteDirectory(writer->file);
}

int qz_tiff_writer_close(qz_tiff_writer *writer) {
  int ok = tiff.TIFFFlush(writer->file);
  tiff.TIFFClose(writer->file);
  free(writer);
  return ok;
}
