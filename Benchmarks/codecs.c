// The least that decoding an image and encoding its palette image can take with
// libjpeg and libpng: bytes in memory in, bytes in memory out, nothing between.
// Prints the seconds of both. codecs.py compiles and runs it.
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jpeglib.h>
#include <png.h>

typedef struct {
  unsigned char *bytes;
  size_t count, used, capacity;
} buffer;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static buffer load(const char *name) {
  FILE *file = fopen(name, "rb");
  if (file == NULL) exit(1);
  fseek(file, 0, SEEK_END);
  buffer b = {NULL, (size_t)ftell(file), 0, 0};
  rewind(file);
  b.bytes = malloc(b.count);
  if (fread(b.bytes, 1, b.count, file) != b.count) exit(1);
  fclose(file);
  return b;
}

static void take(png_structp png, png_bytep out, size_t count) {
  buffer *b = png_get_io_ptr(png);
  memcpy(out, b->bytes + b->used, count);
  b->used += count;
}

static void put(png_structp png, png_bytep bytes, size_t count) {
  buffer *b = png_get_io_ptr(png);
  if (b->count + count > b->capacity) {
    b->capacity = 2 * (b->count + count) + 65536;
    b->bytes = realloc(b->bytes, b->capacity);
  }
  memcpy(b->bytes + b->count, bytes, count);
  b->count += count;
}

static void flush(png_structp png) { (void)png; }

static unsigned char *read_jpeg(buffer *in) {
  struct jpeg_decompress_struct jpeg;
  struct jpeg_error_mgr errors;
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_decompress(&jpeg);
  jpeg_mem_src(&jpeg, in->bytes, in->count);
  jpeg_read_header(&jpeg, TRUE);
  jpeg.out_color_space = JCS_RGB;
  jpeg_start_decompress(&jpeg);
  size_t stride = 3 * (size_t)jpeg.output_width;
  unsigned char *pixels = malloc(stride * jpeg.output_height);
  while (jpeg.output_scanline < jpeg.output_height) {
    JSAMPROW rows[8];
    for (int i = 0; i < 8; i++)
      rows[i] = pixels + (jpeg.output_scanline + (size_t)i) * stride;
    unsigned left = jpeg.output_height - jpeg.output_scanline;
    jpeg_read_scanlines(&jpeg, rows, left < 8 ? left : 8);
  }
  jpeg_finish_decompress(&jpeg);
  jpeg_destroy_decompress(&jpeg);
  return pixels;
}

static unsigned char *read_png(buffer *in, png_structp *png, png_infop *info) {
  *png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  *info = png_create_info_struct(*png);
  png_set_read_fn(*png, in, take);
  png_read_info(*png, *info);
  png_set_packing(*png);
  png_read_update_info(*png, *info);
  size_t stride = png_get_rowbytes(*png, *info);
  size_t height = png_get_image_height(*png, *info);
  unsigned char *pixels = malloc(stride * height);
  for (size_t y = 0; y < height; y++)
    png_read_row(*png, pixels + y * stride, NULL);
  png_read_end(*png, NULL);
  return pixels;
}

int main(int count, char **arguments) {
  if (count != 4) return 64;
  png_structp png;
  png_infop info;
  buffer in = load(arguments[1]);
  double start = now();
  unsigned char *pixels =
      in.bytes[0] == 0xff ? read_jpeg(&in) : read_png(&in, &png, &info);
  double decoding = now() - start;
  free(pixels);

  buffer indexed = load(arguments[2]);
  pixels = read_png(&indexed, &png, &info);
  png_colorp palette;
  int colors;
  png_get_PLTE(png, info, &palette, &colors);
  unsigned width = png_get_image_width(png, info);
  unsigned height = png_get_image_height(png, info);
  int depth = png_get_bit_depth(png, info);
  buffer out = {NULL, 0, 0, 0};
  start = now();
  png_structp writer =
      png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  png_infop header = png_create_info_struct(writer);
  png_set_write_fn(writer, &out, put, flush);
  png_set_compression_level(writer, atoi(arguments[3]));
  png_set_filter(writer, 0, PNG_FILTER_NONE);
  png_set_IHDR(writer, header, width, height, depth, PNG_COLOR_TYPE_PALETTE,
               PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  png_set_PLTE(writer, header, palette, colors);
  png_write_info(writer, header);
  png_set_packing(writer);
  for (size_t y = 0; y < height; y++)
    png_write_row(writer, pixels + y * width);
  png_write_end(writer, NULL);
  double encoding = now() - start;
  printf("%.6f %.6f %zu\n", decoding, encoding, out.count);
  return 0;
}
