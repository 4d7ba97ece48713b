#include <limits.h>
#include <string.h>
#include <zlib.h>

#include "CImageShims.h"

enum qz_status qz_inflate(const uint8_t *bytes, size_t count, uint8_t *out,
                          size_t *out_count) {
  if (count > UINT_MAX || *out_count > UINT_MAX) return QZ_MISUSE;
  z_stream stream;
  memset(&stream, 0, sizeof stream);
  if (inflateInit(&stream) != Z_OK) return QZ_NO_MEMORY;
  stream.next_in = (Bytef *)bytes;
  stream.avail_in = (uInt)count;
  stream.next_out = out;
  stream.avail_out = (uInt)*out_count;
  int end = inflate(&stream, Z_FINISH);
  *out_count -= stream.avail_out;
  int is_full = stream.avail_out == 0;
  inflateEnd(&stream);
  if (end == Z_STREAM_END) return QZ_OK;
  if (end == Z_MEM_ERROR || (end == Z_BUF_ERROR && is_full))
    return QZ_NO_MEMORY;
  return QZ_DAMAGED;
}
