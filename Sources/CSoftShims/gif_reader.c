#include "gif_reader.h"

#include <gif_lib.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "library.h"

#define QZ_GIF_FUNCTIONS(F) \
  F(DGifCloseFile) \
  F(DGifGetCode) \
  F(DGifGetCodeNext) \
  F(DGifGetExtension) \
  F(DGifGetExtensionNext) \
  F(DGifGetImageHeader) \
  F(DGifGetLine) \
  F(DGifGetRecordType) \
  F(DGifOpen) \
  F(GifErrorString)

static union {
  struct {
#define QZ_GIF_FIELD(name) __typeof__(&name) name;
    QZ_GIF_FUNCTIONS(QZ_GIF_FIELD)
  };
#define QZ_GIF_COUNT(name) +1
  void *addresses[QZ_GIF_FUNCTIONS(QZ_GIF_COUNT)];
} gif;

static const char *const libraries[] = {
#ifdef __APPLE__
    "libgif.7.dylib", "/opt/homebrew/lib/libgif.dylib",
    "/usr/local/lib/libgif.dylib",
#else
    "libgif.so.7",
#endif
    NULL};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int is_loaded;

static void load(void) {
#define QZ_GIF_NAME(name) #name,
  static const char *const names[] = {QZ_GIF_FUNCTIONS(QZ_GIF_NAME) NULL};
  is_loaded = qz_load(libraries, names, gif.addresses);
}

int qz_gif_load(void) {
  pthread_once(&once, load);
  return is_loaded;
}

const char *qz_gif_library(void) { return libraries[0]; }

struct qz_gif_reader {
  GifFileType *file;
  const uint8_t *bytes;
  size_t count;
  size_t position;
  int descriptor;
  const char *message;
};

static int read_bytes(GifFileType *file, GifByteType *room, int wanted) {
  qz_gif_reader *reader = file->UserData;
  size_t done = 0;
  if (reader->bytes != NULL) {
    done = reader->count - reader->position;
    if ((size_t)wanted < done) done = (size_t)wanted;
    memcpy(room, reader->bytes + reader->position, done);
  }
  while (reader->bytes == NULL && done < (size_t)wanted) {
    const ssize_t some = pread(
        reader->descriptor, room + done, (size_t)wanted - done,
        (off_t)(reader->position + done));
    if (some <= 0) break;
    done += (size_t)some;
  }
  reader->position += done;
  return (int)done;
}

static qz_gif_reader *create(
    const uint8_t *bytes, size_t count, int descriptor) {
  qz_gif_reader *reader = calloc(1, sizeof *reader);
  if (reader == NULL) return NULL;
  reader->bytes = bytes;
  reader->count = count;
  reader->descriptor = descriptor;
  return reader;
}

qz_gif_reader *qz_gif_reader_create(const uint8_t *bytes, size_t count) {
  return create(bytes, count, -1);
}

qz_gif_reader *qz_gif_reader_open(int descriptor) {
  const int own = dup(descriptor);
  if (own < 0) return NULL;
  qz_gif_reader *reader = create(NULL, 0, own);
  if (reader == NULL) close(own);
  return reader;
}

void qz_gif_reader_destroy(qz_gif_reader *reader) {
  if (reader->file != NULL) gif.DGifCloseFile(reader->file, NULL);
  if (reader->descriptor >= 0) close(reader->descriptor);
  free(reader);
}

// Keeps why giflib stopped.
static int failed(qz_gif_reader *reader, int error) {
  if (reader->message == NULL) reader->message = gif.GifErrorString(error);
  if (reader->message == NULL) reader->message = "it ends early";
  return 0;
}

// Reads the blocks of an extension; `transparent` follows what a graphic control
// says.
static int read_extension(qz_gif_reader *reader, int *transparent) {
  int code = 0;
  GifByteType *block = NULL;
  if (gif.DGifGetExtension(reader->file, &code, &block) == GIF_ERROR)
    return failed(reader, reader->file->Error);
  // The length of a block comes before it.
  if (code == GRAPHICS_EXT_FUNC_CODE && block != NULL && block[0] >= 4)
    *transparent = (block[1] & 1) != 0 ? block[4] : -1;
  while (block != NULL)
    if (gif.DGifGetExtensionNext(reader->file, &block) == GIF_ERROR)
      return failed(reader, reader->file->Error);
  return 1;
}

// Goes to the next frame. 1 when there is one, -1 at the end, 0 after a failure.
static int next_frame(qz_gif_reader *reader, int *transparent) {
  for (;;) {
    GifRecordType record = UNDEFINED_RECORD_TYPE;
    if (gif.DGifGetRecordType(reader->file, &record) == GIF_ERROR)
      return failed(reader, reader->file->Error);
    if (record == TERMINATE_RECORD_TYPE) return -1;
    if (record == EXTENSION_RECORD_TYPE &&
        !read_extension(reader, transparent))
      return 0;
    if (record != IMAGE_DESC_RECORD_TYPE) continue;
    if (gif.DGifGetImageHeader(reader->file) == GIF_ERROR)
      return failed(reader, reader->file->Error);
    return 1;
  }
}

int qz_gif_reader_read_header(qz_gif_reader *reader, qz_gif_header *header) {
  int error = 0;
  reader->file = gif.DGifOpen(reader, read_bytes, &error);
  if (reader->file == NULL) return failed(reader, error);
  memset(header, 0, sizeof *header);
  header->transparent = -1;
  const int found = next_frame(reader, &header->transparent);
  if (found < 0) reader->message = "it has no image";
  if (found <= 0) return 0;
  const GifImageDesc *frame = &reader->file->Image;
  const ColorMapObject *map =
      frame->ColorMap != NULL ? frame->ColorMap : reader->file->SColorMap;
  if (map == NULL || frame->Width <= 0 || frame->Height <= 0 ||
      frame->Left < 0 || frame->Top < 0) {
    reader->message =
        map == NULL ? "it has no colours" : "its first frame has no pixels";
    return 0;
  }
  header->left = (uint32_t)frame->Left;
  header->top = (uint32_t)frame->Top;
  header->frame_width = (uint32_t)frame->Width;
  header->frame_height = (uint32_t)frame->Height;
  header->is_interlaced = frame->Interlace;
  // A screen that is too small for its first frame is none.
  const uint32_t right = header->left + header->frame_width;
  const uint32_t bottom = header->top + header->frame_height;
  header->width = (uint32_t)reader->file->SWidth;
  header->height = (uint32_t)reader->file->SHeight;
  if (header->width < right) header->width = right;
  if (header->height < bottom) header->height = bottom;
  for (int i = 0; i < map->ColorCount && i < 256; i++) {
    header->palette[3 * i] = map->Colors[i].Red;
    header->palette[3 * i + 1] = map->Colors[i].Green;
    header->palette[3 * i + 2] = map->Colors[i].Blue;
    header->colors++;
  }
  return 1;
}

int qz_gif_reader_read_row(
    qz_gif_reader *reader, uint8_t *indices, size_t count) {
  return gif.DGifGetLine(reader->file, indices, (int)count) != GIF_ERROR ||
         failed(reader, reader->file->Error);
}

int qz_gif_reader_finish(qz_gif_reader *reader, uint32_t *frames) {
  int found, size;
  int transparent = -1;
  *frames = 0;
  while ((found = next_frame(reader, &transparent)) > 0) {
    ++*frames;
    GifByteType *block = NULL;
    if (gif.DGifGetCode(reader->file, &size, &block) == GIF_ERROR)
      return failed(reader, reader->file->Error);
    while (block != NULL)
      if (gif.DGifGetCodeNext(reader->file, &block) == GIF_ERROR)
        return failed(reader, reader->file->Error);
  }
  return found < 0;
}

const char *qz_gif_reader_message(qz_gif_reader *reader) {
  return reader->message != NULL ? reader->message : "";
}
