#include <limits.h>
#include <string.h>
#include <zlib.h>

#include "CImageShims.h"

enum qz_status qz_deflate_last_block(const uint8_t *bytes, size_t count,
                                     uint8_t *room, size_t room_count,
                                     size_t *header_bit, size_t *end_bit) {
  if (count > UINT_MAX || room_count > UINT_MAX) return QZ_MISUSE;
  z_stream stream;
  memset(&stream, 0, sizeof stream);
  // Negative: without the wrapping of zlib.
  if (inflateInit2(&stream, -15) != Z_OK) return QZ_NO_MEMORY;
  stream.next_in = (Bytef *)bytes;
  stream.avail_in = (uInt)count;
  stream.next_out = room;
  stream.avail_out = (uInt)room_count;
  size_t start = 0;
  enum qz_status status = QZ_DAMAGED;
  // Returns at the end of each block; data_type then has 128, and 64 behind the
  // last, and in its low bits how many of the last byte were not used.
  while (inflate(&stream, Z_BLOCK) == Z_OK && (stream.data_type & 128) != 0) {
    size_t place = (count - stream.avail_in) * 8 - (stream.data_type & 7);
    if ((stream.data_type & 64) != 0) {
      *header_bit = start;
      *end_bit = place;
      status = QZ_OK;
      break;
    }
    start = place;
  }
  inflateEnd(&stream);
  return status;
}
