#include "tiff_reader.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tiff_library.h"
#include "tiff_writer.h"

struct qz_tiff_reader {
  TIFF *file;
  const uint8_t *bytes;
  uint64_t count;
  uint64_t position;
  int descriptor;
  // The page whose header was read last.
  uint16_t page;
  // Where the directories of the pages are; NULL before anybody asks.
  uint64_t *pages;
  uint32_t page_count;
  char message[256];
  char warning[256];
};

static tmsize_t read_bytes(thandle_t handle, void *room, tmsize_t wanted) {
  qz_tiff_reader *reader = handle;
  if (wanted < 0 || reader->position >= reader->count) return 0;
  uint64_t count = reader->count - reader->position;
  if ((uint64_t)wanted < count) count = (uint64_t)wanted;
  if (reader->bytes != NULL) {
    memcpy(room, reader->bytes + reader->position, count);
  } else {
    uint64_t done = 0;
    while (done < count) {
      const ssize_t some = pread(
          reader->descriptor, (char *)room + done, count - done,
          (off_t)(reader->position + done));
      if (some <= 0) break;
      done += (uint64_t)some;
    }
    count = done;
  }
  reader->position += count;
  return (tmsize_t)count;
}

// A number of 2, 4 or 8 bytes.
static int read_number(qz_tiff_reader *reader, uint64_t at, int bytes,
                       int is_little, uint64_t *number) {
  uint8_t room[8];
  reader->position = at;
  if (read_bytes(reader, room, bytes) != bytes) return 0;
  *number = 0;
  for (int i = 0; i < bytes; i++)
    *number = *number << 8 | room[is_little ? bytes - 1 - i : i];
  return 1;
}

enum { most_pages = 65535 };

// Follows the chain of directories (TIFF 6.0, section 2). libtiff finds a page by
// walking from the first, and looks for loops at every step: of a stack of thousands
// that takes minutes.
static void find_pages(qz_tiff_reader *reader) {
  reader->pages = malloc(most_pages * sizeof *reader->pages);
  if (reader->pages == NULL) return;
  uint64_t order, version, at, entries;
  if (!read_number(reader, 0, 2, 1, &order)) return;
  const int is_little = order == 0x4949;
  if (!read_number(reader, 2, 2, is_little, &version)) return;
  const int is_big = version == 43;
  const int width = is_big ? 8 : 4, entry = is_big ? 20 : 12;
  if (!read_number(reader, is_big ? 8 : 4, width, is_little, &at)) return;
  // The page that the next are compared with, further on at each power of two:
  // a chain that is a ring comes back to it (Brent).
  uint32_t count = 0, mark = 0;
  while (at != 0 && at < reader->count && count < most_pages) {
    if (count > 0 && reader->pages[mark] == at) {
      // The ring begins at the first page that comes again.
      const uint32_t ring = count - mark;
      uint32_t first = 0;
      while (first + ring < count &&
             reader->pages[first] != reader->pages[first + ring])
        first++;
      count = first + ring;
      break;
    }
    if ((count & (count - 1)) == 0) mark = count;
    reader->pages[count++] = at;
    if (!read_number(reader, at, is_big ? 8 : 2, is_little, &entries) ||
        entries > reader->count / entry)
      break;
    at += (is_big ? 8 : 2) + entries * entry;
    if (!read_number(reader, at, width, is_little, &at)) break;
  }
  reader->page_count = count;
}

static tmsize_t write_nothing(thandle_t handle, void *bytes, tmsize_t count) {
  return 0;
}

static toff_t seek(thandle_t handle, toff_t offset, int whence) {
  qz_tiff_reader *reader = handle;
  if (whence == SEEK_CUR) offset += reader->position;
  if (whence == SEEK_END) offset += reader->count;
  reader->position = offset;
  return offset;
}

static int close_nothing(thandle_t handle) { return 0; }

static toff_t size(thandle_t handle) {
  return ((qz_tiff_reader *)handle)->count;
}

static qz_tiff_reader *create(
    const uint8_t *bytes, uint64_t count, int descriptor) {
  qz_tiff_reader *reader = calloc(1, sizeof *reader);
  if (reader == NULL) return NULL;
  reader->bytes = bytes;
  reader->count = count;
  reader->descriptor = descriptor;
  return reader;
}

qz_tiff_reader *qz_tiff_reader_create(const uint8_t *bytes, size_t count) {
  return create(bytes, count, -1);
}

qz_tiff_reader *qz_tiff_reader_open(int descriptor) {
  struct stat status;
  if (fstat(descriptor, &status) != 0) return NULL;
  const int own = dup(descriptor);
  if (own < 0) return NULL;
  qz_tiff_reader *reader = create(NULL, (uint64_t)status.st_size, own);
  if (reader == NULL) close(own);
  return reader;
}

static uint16_t number(TIFF *file, uint32_t tag, uint16_t fallback) {
  uint16_t value = 0;
  return qz_tiff.TIFFGetFieldDefaulted(file, tag, &value) ? value : fallback;
}

static int read_header(
    qz_tiff_reader *reader, uint16_t page, qz_tiff_header *header) {
  if (reader->file == NULL) {
    // Not mapped: strips that are not compressed are copied like others.
    reader->file = qz_tiff.TIFFClientOpen(
        "image", "rm", reader, read_bytes, write_nothing, seek, close_nothing,
        size, NULL, NULL);
    if (reader->file == NULL) return 0;
  }
  TIFF *file = reader->file;
  if (page != reader->page) {
    if (reader->pages == NULL) find_pages(reader);
    if (page >= reader->page_count) return 0;
    // Of other pages nobody wants to hear.
    reader->warning[0] = 0;
    // Of a damaged page nothing is left to go on with.
    reader->page = most_pages;
    if (!qz_tiff.TIFFSetSubDirectory(file, reader->pages[page])) return 0;
    reader->page = page;
  }
  memset(header, 0, sizeof *header);
  qz_tiff.TIFFGetFieldDefaulted(file, TIFFTAG_SUBFILETYPE, &header->subfile);
  uint16_t *kinds = NULL;
  float density = 0;
  if (!qz_tiff.TIFFGetField(file, TIFFTAG_IMAGEWIDTH, &header->width) ||
      !qz_tiff.TIFFGetField(file, TIFFTAG_IMAGELENGTH, &header->height))
    return 0;
  header->bits = number(file, TIFFTAG_BITSPERSAMPLE, 1);
  header->samples = number(file, TIFFTAG_SAMPLESPERPIXEL, 1);
  header->format = number(file, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
  header->compression = number(file, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
  header->orientation =
      number(file, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
  header->is_planar =
      number(file, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) ==
      PLANARCONFIG_SEPARATE;
  uint16_t photometric = 0;
  if (qz_tiff.TIFFGetField(file, TIFFTAG_PHOTOMETRIC, &photometric))
    header->photometric = photometric;
  else
    header->photometric =
        header->samples >= 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK;
  // JPEG's own colours become red, green and blue while they are decompressed.
  if (header->photometric == PHOTOMETRIC_YCBCR &&
      header->compression == COMPRESSION_JPEG &&
      qz_tiff.TIFFSetField(file, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB))
    header->photometric = PHOTOMETRIC_RGB;
  uint16_t extra = 0;
  if (qz_tiff.TIFFGetField(file, TIFFTAG_EXTRASAMPLES, &extra, &kinds)) {
    header->extra_samples = extra;
    header->extra_kind = extra > 0 && kinds != NULL ? kinds[0] : 0;
  }
  header->is_tiled = qz_tiff.TIFFIsTiled(file) != 0;
  header->block_width = header->width;
  if (header->is_tiled) {
    if (!qz_tiff.TIFFGetField(file, TIFFTAG_TILEWIDTH, &header->block_width) ||
        !qz_tiff.TIFFGetField(file, TIFFTAG_TILELENGTH, &header->block_height))
      return 0;
    header->block_bytes = qz_tiff.TIFFTileSize64(file);
  } else {
    uint32_t rows = 0;
    if (!qz_tiff.TIFFGetFieldDefaulted(file, TIFFTAG_ROWSPERSTRIP, &rows) ||
        rows == 0 || rows > header->height)
      rows = header->height;
    header->block_height = rows;
    header->block_bytes = qz_tiff.TIFFStripSize64(file);
  }
  if (qz_tiff.TIFFGetField(file, TIFFTAG_XRESOLUTION, &density))
    header->horizontal = density;
  if (qz_tiff.TIFFGetField(file, TIFFTAG_YRESOLUTION, &density))
    header->vertical = density;
  header->unit = number(file, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
  return 1;
}

int qz_tiff_reader_can_decode(
    qz_tiff_reader *reader, const qz_tiff_header *header) {
  return header->compression != COMPRESSION_OJPEG &&
         qz_tiff.TIFFIsCODECConfigured(header->compression);
}

static int color_map(
    qz_tiff_reader *reader, const uint16_t **red, const uint16_t **green,
    const uint16_t **blue) {
  return qz_tiff.TIFFGetField(
      reader->file, TIFFTAG_COLORMAP, red, green, blue);
}

static const uint8_t *field(
    qz_tiff_reader *reader, uint32_t tag, size_t width, size_t *count) {
  // What a file says of a field that libtiff does not know may be anything: its
  // elements are of the type that the file gives.
  const TIFFField *known = qz_tiff.TIFFFindField(reader->file, tag, TIFF_ANY);
  if (known == NULL || !qz_tiff.TIFFFieldPassCount(known) ||
      qz_tiff.TIFFFieldReadCount(known) != TIFF_VARIABLE2 ||
      (size_t)qz_tiff.TIFFDataWidth(qz_tiff.TIFFFieldDataType(known)) != width)
    return NULL;
  uint32_t elements = 0;
  void *start = NULL;
  if (!qz_tiff.TIFFGetField(reader->file, tag, &elements, &start)) return NULL;
  *count = elements;
  return start;
}

static const char *text(qz_tiff_reader *reader, uint32_t tag) {
  char *text = NULL;
  return qz_tiff.TIFFGetField(reader->file, tag, &text) ? text : NULL;
}

static ptrdiff_t read_block(
    qz_tiff_reader *reader, uint32_t block, void *samples, size_t bytes) {
  TIFF *file = reader->file;
  const int is_tiled = qz_tiff.TIFFIsTiled(file);
  const uint32_t blocks = is_tiled ? qz_tiff.TIFFNumberOfTiles(file)
                                   : qz_tiff.TIFFNumberOfStrips(file);
  if (block >= blocks) return -1;
  return is_tiled ? qz_tiff.TIFFReadEncodedTile(
                        file, block, samples, (tmsize_t)bytes)
                  : qz_tiff.TIFFReadEncodedStrip(
                        file, block, samples, (tmsize_t)bytes);
}

// The same while libtiff is listened to.

int qz_tiff_reader_read_header(
    qz_tiff_reader *reader, uint16_t page, qz_tiff_header *header) {
  qz_tiff_listen(reader->message, reader->warning);
  int result = read_header(reader, page, header);
  qz_tiff_listen(NULL, NULL);
  return result;
}

uint32_t qz_tiff_reader_pages(qz_tiff_reader *reader) {
  if (reader->pages == NULL) find_pages(reader);
  return reader->page_count;
}

int qz_tiff_reader_color_map(
    qz_tiff_reader *reader, const uint16_t **red, const uint16_t **green,
    const uint16_t **blue) {
  qz_tiff_listen(reader->message, reader->warning);
  int result = color_map(reader, red, green, blue);
  qz_tiff_listen(NULL, NULL);
  return result;
}

const uint8_t *qz_tiff_reader_field(
    qz_tiff_reader *reader, uint32_t tag, size_t width, size_t *count) {
  qz_tiff_listen(reader->message, reader->warning);
  const uint8_t *result = field(reader, tag, width, count);
  qz_tiff_listen(NULL, NULL);
  return result;
}

const char *qz_tiff_reader_text(
    qz_tiff_reader *reader, uint32_t tag) {
  qz_tiff_listen(reader->message, reader->warning);
  const char *result = text(reader, tag);
  qz_tiff_listen(NULL, NULL);
  return result;
}

ptrdiff_t qz_tiff_reader_read_block(
    qz_tiff_reader *reader, uint32_t block, void *samples, size_t bytes) {
  qz_tiff_listen(reader->message, reader->warning);
  ptrdiff_t result = read_block(reader, block, samples, bytes);
  qz_tiff_listen(NULL, NULL);
  return result;
}

const char *qz_tiff_reader_message(const qz_tiff_reader *reader) {
  return reader->message;
}

const char *qz_tiff_reader_warning(const qz_tiff_reader *reader) {
  return reader->warning;
}

void qz_tiff_reader_destroy(qz_tiff_reader *reader) {
  if (reader == NULL) return;
  if (reader->file != NULL) qz_tiff.TIFFClose(reader->file);
  if (reader->descriptor >= 0) close(reader->descriptor);
  free(reader->pages);
  free(reader);
}
