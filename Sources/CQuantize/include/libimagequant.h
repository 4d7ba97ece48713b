/**
 * The functions of libimagequant 2.x that programs use, on the engine of
 * quantize: programs linked with libimagequant.so.0 run with this library in its
 * place. docs/drop-in.md says what differs. Names, numbers and meanings follow
 * libimagequant's documentation; this text is our own.
 *
 * Functions that make something return NULL on failure. None is to be used by
 * two threads at once with the same object.
 */
#ifndef QUANTIZE_LIBIMAGEQUANT_H
#define QUANTIZE_LIBIMAGEQUANT_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LIQ_VERSION 21700
#define LIQ_VERSION_STRING "2.17.0"

typedef struct liq_attr liq_attr;
typedef struct liq_image liq_image;
typedef struct liq_result liq_result;
typedef struct liq_histogram liq_histogram;

/** A colour of sRGB; alpha is not premultiplied. */
typedef struct liq_color {
  unsigned char r, g, b, a;
} liq_color;

typedef struct liq_palette {
  unsigned int count;
  liq_color entries[256];
} liq_palette;

typedef struct liq_histogram_entry {
  liq_color color;
  unsigned int count;
} liq_histogram_entry;

typedef enum liq_error {
  LIQ_OK = 0,
  LIQ_QUALITY_TOO_LOW = 99,
  LIQ_VALUE_OUT_OF_RANGE = 100,
  LIQ_OUT_OF_MEMORY = 101,
  LIQ_ABORTED = 102,
  LIQ_BITMAP_NOT_AVAILABLE = 103,
  LIQ_BUFFER_TOO_SMALL = 104,
  LIQ_INVALID_POINTER = 105,
  LIQ_UNSUPPORTED = 106
} liq_error;

/** What belongs to an image; flags. */
enum liq_ownership {
  LIQ_OWN_ROWS = 4,
  LIQ_OWN_PIXELS = 8,
  LIQ_COPY_PIXELS = 16
};

typedef void liq_log_callback_function(
    const liq_attr *attr, const char *message, void *user_info);
typedef void liq_log_flush_callback_function(
    const liq_attr *attr, void *user_info);
typedef int liq_progress_callback_function(
    float progress_percent, void *user_info);
typedef void liq_image_get_rgba_row_callback(
    liq_color row_out[], int row, int width, void *user_info);

int liq_version(void);

liq_attr *liq_attr_create(void);
liq_attr *liq_attr_create_with_allocator(
    void *(*allocate)(size_t), void (*release)(void *));
liq_attr *liq_attr_copy(const liq_attr *original);
void liq_attr_destroy(liq_attr *attr);

liq_error liq_set_max_colors(liq_attr *attr, int colors);
int liq_get_max_colors(const liq_attr *attr);
liq_error liq_set_speed(liq_attr *attr, int speed);
int liq_get_speed(const liq_attr *attr);
liq_error liq_set_min_opacity(liq_attr *attr, int minimum);
int liq_get_min_opacity(const liq_attr *attr);
liq_error liq_set_min_posterization(liq_attr *attr, int bits);
int liq_get_min_posterization(const liq_attr *attr);
liq_error liq_set_quality(liq_attr *attr, int minimum, int maximum);
int liq_get_min_quality(const liq_attr *attr);
int liq_get_max_quality(const liq_attr *attr);
void liq_set_last_index_transparent(liq_attr *attr, int is_last);

void liq_set_log_callback(
    liq_attr *attr, liq_log_callback_function *callback, void *user_info);
void liq_set_log_flush_callback(
    liq_attr *attr, liq_log_flush_callback_function *callback,
    void *user_info);
void liq_attr_set_progress_callback(
    liq_attr *attr, liq_progress_callback_function *callback,
    void *user_info);
void liq_result_set_progress_callback(
    liq_result *result, liq_progress_callback_function *callback,
    void *user_info);

liq_image *liq_image_create_rgba(
    const liq_attr *attr, const void *bitmap, int width, int height,
    double gamma);
liq_image *liq_image_create_rgba_rows(
    const liq_attr *attr, void *const rows[], int width, int height,
    double gamma);
liq_image *liq_image_create_custom(
    const liq_attr *attr, liq_image_get_rgba_row_callback *row_callback,
    void *user_info, int width, int height, double gamma);
liq_error liq_image_set_memory_ownership(liq_image *image, int ownership);
liq_error liq_image_add_fixed_color(liq_image *image, liq_color color);
liq_error liq_image_set_background(liq_image *image, liq_image *background);
liq_error liq_image_set_importance_map(
    liq_image *image, unsigned char map[], size_t size,
    enum liq_ownership ownership);
int liq_image_get_width(const liq_image *image);
int liq_image_get_height(const liq_image *image);
void liq_image_destroy(liq_image *image);

liq_histogram *liq_histogram_create(const liq_attr *attr);
liq_error liq_histogram_add_image(
    liq_histogram *histogram, const liq_attr *attr, liq_image *image);
liq_error liq_histogram_add_colors(
    liq_histogram *histogram, const liq_attr *attr,
    const liq_histogram_entry entries[], int count, double gamma);
liq_error liq_histogram_add_fixed_color(
    liq_histogram *histogram, liq_color color, double gamma);
void liq_histogram_destroy(liq_histogram *histogram);

liq_error liq_histogram_quantize(
    liq_histogram *histogram, liq_attr *attr, liq_result **out);
liq_error liq_image_quantize(
    liq_image *image, liq_attr *attr, liq_result **out);
liq_result *liq_quantize_image(liq_attr *attr, liq_image *image);

liq_error liq_set_dithering_level(liq_result *result, float level);
liq_error liq_set_output_gamma(liq_result *result, double gamma);
double liq_get_output_gamma(const liq_result *result);
const liq_palette *liq_get_palette(liq_result *result);
liq_error liq_write_remapped_image(
    liq_result *result, liq_image *image, void *buffer, size_t size);
liq_error liq_write_remapped_image_rows(
    liq_result *result, liq_image *image, unsigned char **rows);
double liq_get_quantization_error(const liq_result *result);
int liq_get_quantization_quality(const liq_result *result);
double liq_get_remapping_error(const liq_result *result);
int liq_get_remapping_quality(const liq_result *result);
void liq_result_destroy(liq_result *result);

#ifdef __cplusplus
}
#endif

#endif
