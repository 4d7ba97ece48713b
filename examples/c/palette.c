/* Reduces a picture to a palette, and shows its soft segmentation.
 *
 *     cc palette.c $(pkg-config --cflags --libs quantize) -o palette
 *     ./palette [colours]
 */
#include <quantize.h>
#include <stdio.h>
#include <stdlib.h>

static void check(quantize_status status) {
  if (status == QUANTIZE_OK) return;
  fprintf(stderr, "palette: %s\n", quantize_last_message());
  exit(1);
}

static bool show(const char *stage, double fraction, void *context) {
  (void)context;
  fprintf(stderr, "\r%s %3.0f %%", stage, 100 * fraction);
  return true; /* false would cancel */
}

int main(int argc, char **argv) {
  enum { width = 320, height = 200 };
  const size_t colors = argc > 1 ? strtoul(argv[1], NULL, 10) : 8;

  /* A picture: three soft discs of light. */
  uint8_t *pixels = malloc(3 * width * height);
  if (pixels == NULL) return 1;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      for (int c = 0; c < 3; c++) {
        const int dx = x - 80 * (c + 1), dy = y - 60 - 40 * (c % 2);
        const int light = 255 - (dx * dx + dy * dy) / 40;
        pixels[3 * (y * width + x) + c] = (uint8_t)(light > 0 ? light : 0);
      }

  quantize_image *image;
  check(quantize_image_create(
      pixels, width, height, 0, QUANTIZE_RGB, QUANTIZE_UINT8, &image));
  free(pixels); /* The library has a copy. */

  quantize_options *options;
  check(quantize_options_create(&options));
  check(quantize_options_set_colors(options, colors));
  check(quantize_options_set_cprime(options, 2));

  quantize_result *result;
  check(quantize_image_quantize(image, options, show, NULL, &result));
  fputs("\r                \r", stderr);

  quantize_palette *palette;
  check(quantize_result_palette(result, &palette));
  const size_t count = quantize_palette_count(palette);
  uint8_t *rgba = malloc(4 * count);
  uint64_t *counts = malloc(count * sizeof *counts);
  uint8_t *indices = malloc(width * height);
  if (rgba == NULL || counts == NULL || indices == NULL) return 1;
  check(quantize_palette_get(palette, rgba, counts, NULL));
  check(quantize_result_indices8(result, indices));
  for (size_t n = 0; n < count; n++)
    printf(
        "#%02x%02x%02x  %5.2f %%\n", rgba[4 * n], rgba[4 * n + 1],
        rgba[4 * n + 2], 100.0 * (double)counts[n] / (width * height));
  printf("squared error %.2f\n", quantize_result_error(result));

  /* How much the two nearest components share the pixel in the middle. */
  quantize_soft *soft;
  check(quantize_soft_create(palette, image, options, &soft));
  const size_t cprime = quantize_soft_cprime(soft);
  uint16_t *components = malloc(cprime * width * sizeof *components);
  float *shares = malloc(cprime * width * sizeof *shares);
  if (components == NULL || shares == NULL) return 1;
  check(quantize_soft_rows(soft, height / 2, 1, components, shares));
  for (size_t i = 0; i < cprime; i++)
    printf(
        "component %u: %.3f\n", components[cprime * (width / 2) + i],
        shares[cprime * (width / 2) + i]);

  free(shares);
  free(components);
  free(indices);
  free(counts);
  free(rgba);
  quantize_soft_free(soft);
  quantize_palette_free(palette);
  quantize_result_free(result);
  quantize_options_free(options);
  quantize_image_free(image);
  return 0;
}
