#include "webp_reader.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <webp/demux.h>

#include "library.h"

#define QZ_WEBP_FUNCTIONS(F) \
  F(WebPDemuxDelete) \
  F(WebPDemuxGetChunk) \
  F(WebPDemuxGetFrame) \
  F(WebPDemuxGetI) \
  F(WebPDemuxInternal) \
  F(WebPDemuxReleaseChunkIterator) \
  F(WebPDemuxReleaseIterator) \
  F(WebPGetFeaturesInternal) \
  F(WebPIDecGetRGB) \
  F(WebPIDecode) \
  F(WebPIDelete) \
  F(WebPIUpdate) \
  F(WebPInitDecoderConfigInternal)

static union {
  struct {
#define QZ_WEBP_FIELD(name) __typeof__(&name) name;
    QZ_WEBP_FUNCTIONS(QZ_WEBP_FIELD)
  };
#define QZ_WEBP_COUNT(name) +1
  void *addresses[QZ_WEBP_FUNCTIONS(QZ_WEBP_COUNT)];
} webp;

// The one for containers; functions of the decoder are found in what it needs.
static const char *const libraries[] = {
#ifdef __APPLE__
    "libwebpdemux.2.dylib", "/opt/homebrew/lib/libwebpdemux.dylib",
    "/usr/local/lib/libwebpdemux.dylib",
#else
    "libwebpdemux.so.2",
#endif
    NULL};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int is_loaded;

static void load(void) {
#define QZ_WEBP_NAME(name) #name,
  static const char *const names[] = {QZ_WEBP_FUNCTIONS(QZ_WEBP_NAME) NULL};
  is_loaded = qz_load(libraries, names, webp.addresses);
}

int qz_webp_load(void) {
  pthread_once(&once, load);
  return is_loaded;
}

const char *qz_webp_library(void) { return libraries[0]; }

struct qz_webp_reader {
  WebPDemuxer *container;
  WebPIterator frame;
  WebPChunkIterator chunk;
};

static int read_header(qz_webp_reader *reader, qz_webp_header *header) {
  const WebPIterator *frame = &reader->frame;
  WebPBitstreamFeatures features;
  if (frame->width <= 0 || frame->height <= 0 || frame->x_offset < 0 ||
      frame->y_offset < 0 ||
      webp.WebPGetFeaturesInternal(
          frame->fragment.bytes, frame->fragment.size, &features,
          WEBP_DECODER_ABI_VERSION) != VP8_STATUS_OK ||
      // The decoder goes by these.
      features.width != frame->width || features.height != frame->height)
    return 0;
  header->width = webp.WebPDemuxGetI(reader->container, WEBP_FF_CANVAS_WIDTH);
  header->height =
      webp.WebPDemuxGetI(reader->container, WEBP_FF_CANVAS_HEIGHT);
  header->frames = webp.WebPDemuxGetI(reader->container, WEBP_FF_FRAME_COUNT);
  header->left = (uint32_t)frame->x_offset;
  header->top = (uint32_t)frame->y_offset;
  header->frame_width = (uint32_t)frame->width;
  header->frame_height = (uint32_t)frame->height;
  header->has_alpha = frame->has_alpha || features.has_alpha;
  header->is_lossless = features.format == 2;
  return (uint64_t)header->left + header->frame_width <= header->width &&
         (uint64_t)header->top + header->frame_height <= header->height;
}

qz_webp_reader *qz_webp_reader_create(
    const uint8_t *bytes, size_t count, qz_webp_header *header) {
  qz_webp_reader *reader = calloc(1, sizeof *reader);
  if (reader == NULL) return NULL;
  const WebPData data = {bytes, count};
  WebPDemuxState state = WEBP_DEMUX_PARSE_ERROR;
  memset(header, 0, sizeof *header);
  reader->container =
      webp.WebPDemuxInternal(&data, 1, &state, WEBP_DEMUX_ABI_VERSION);
  header->is_whole = state == WEBP_DEMUX_DONE;
  if (reader->container != NULL &&
      webp.WebPDemuxGetFrame(reader->container, 1, &reader->frame) &&
      read_header(reader, header))
    return reader;
  qz_webp_reader_destroy(reader);
  return NULL;
}

void qz_webp_reader_destroy(qz_webp_reader *reader) {
  webp.WebPDemuxReleaseChunkIterator(&reader->chunk);
  webp.WebPDemuxReleaseIterator(&reader->frame);
  webp.WebPDemuxDelete(reader->container);
  free(reader);
}

const uint8_t *qz_webp_reader_chunk(
    qz_webp_reader *reader, const char *name, size_t *count) {
  webp.WebPDemuxReleaseChunkIterator(&reader->chunk);
  memset(&reader->chunk, 0, sizeof reader->chunk);
  if (!webp.WebPDemuxGetChunk(reader->container, name, 1, &reader->chunk))
    return NULL;
  *count = reader->chunk.chunk.size;
  return reader->chunk.chunk.bytes;
}

const char *qz_webp_reader_decode(
    qz_webp_reader *reader, uint8_t *samples, size_t stride, int channels,
    uint32_t *rows) {
  *rows = 0;
  WebPDecoderConfig config;
  if (!webp.WebPInitDecoderConfigInternal(&config, WEBP_DECODER_ABI_VERSION))
    return "libwebp is of another version than its headers";
  const WebPIterator *frame = &reader->frame;
  config.output.colorspace = channels == 4 ? MODE_RGBA : MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = samples;
  config.output.u.RGBA.stride = (int)stride;
  config.output.u.RGBA.size =
      stride * (size_t)(frame->height - 1) +
      (size_t)frame->width * (size_t)channels;
  WebPIDecoder *decoder = webp.WebPIDecode(NULL, 0, &config);
  if (decoder == NULL) return "there is no memory for its decoder";
  const VP8StatusCode status = webp.WebPIUpdate(
      decoder, frame->fragment.bytes, frame->fragment.size);
  int last = 0;
  if (webp.WebPIDecGetRGB(decoder, &last, NULL, NULL, NULL) != NULL &&
      last > 0)
    *rows = (uint32_t)last;
  webp.WebPIDelete(decoder);
  if (status == VP8_STATUS_OK) return NULL;
  return status == VP8_STATUS_SUSPENDED || status == VP8_STATUS_NOT_ENOUGH_DATA
             ? "its image data ends early"
         : status == VP8_STATUS_OUT_OF_MEMORY
             ? "there is no memory for its decoder"
             : "its image data is wrong";
}
