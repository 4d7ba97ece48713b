/* Reduces an image file to a palette:
 *
 *     cc reduce.c $(pkg-config --cflags --libs quantize-files) -o reduce
 *     ./reduce photo.jpg 16 out.png
 */
#include <quantize_files.h>
#include <stdio.h>
#include <stdlib.h>

static void check(quantize_status status) {
  if (status == QUANTIZE_OK) return;
  fprintf(stderr, "reduce: %s\n", quantize_last_message());
  exit(1);
}

/* All bytes of a file, which the caller frees. */
static unsigned char *contents(const char *name, size_t *size) {
  FILE *file = fopen(name, "rb");
  if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
    perror(name);
    exit(1);
  }
  long length = ftell(file);
  rewind(file);
  unsigned char *bytes = malloc(length > 0 ? (size_t)length : 1);
  if (length < 0 || bytes == NULL ||
      fread(bytes, 1, (size_t)length, file) != (size_t)length) {
    perror(name);
    exit(1);
  }
  fclose(file);
  *size = (size_t)length;
  return bytes;
}

int main(int count, char **arguments) {
  if (count != 4) {
    fprintf(stderr, "usage: reduce INPUT COLOURS OUTPUT\n");
    return 2;
  }
  size_t size;
  unsigned char *bytes = contents(arguments[1], &size);
  quantize_picture *picture;
  check(quantize_picture_read(bytes, size, NULL, 0, 0, false, 0, &picture));
  free(bytes);

  quantize_image *image;
  check(quantize_picture_image(picture, &image));
  quantize_options *options;
  check(quantize_options_create(&options));
  check(quantize_options_set_colors(
      options, (size_t)strtoul(arguments[2], NULL, 10)));
  quantize_result *result;
  check(quantize_image_quantize(image, options, NULL, NULL, &result));

  quantize_bytes *png;
  check(quantize_result_encode(result, picture, NULL, options, &png));
  FILE *output = fopen(arguments[3], "wb");
  if (output == NULL ||
      fwrite(quantize_bytes_start(png), 1, quantize_bytes_size(png), output) !=
          quantize_bytes_size(png) ||
      fclose(output) != 0) {
    perror(arguments[3]);
    return 1;
  }
  quantize_bytes_free(png);
  quantize_result_free(result);
  quantize_options_free(options);
  quantize_image_free(image);
  quantize_picture_free(picture);
  return 0;
}
