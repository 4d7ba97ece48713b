// The blur of the eye and the exchange of single pixels, for Quantization's
// DirectSearch. Pixels have four numbers.
#pragma once

#include "diffuse_row.h"

enum {
  // Pixels that the blur reaches to each side.
  qk_blur_radius = 4,
  // Its weights along one axis.
  qk_blur_width = 9
};

// Blurs a row along itself. `image` has `qk_blur_radius` pixels of zeros on both
// sides of its `width`.
void qk_blur_row(
    const float *image, size_t width, const float *weights, float *result);

// Blurs a row across: `rows` are those around it, each blurred along itself.
// Adds `share` of `image`.
void qk_blur_column(
    const float *const *rows, size_t width, const float *weights,
    const float *image, float share, float *result);

// A colour whose pixels keep their entries.
enum { qk_class_kept = 3 };

// Gives each pixel of a row the entry nearest to what it has plus `scale` of
// what is seen there, and brings `seen`, its rows `stride` numbers apart with
// room on all sides, up to date. Returns how many pixels changed.
size_t qk_exchange_row(
    float *seen, size_t stride, size_t width, const qk_entries *entries,
    const uint8_t *classes, const float *weights, float scale, float share,
    uint16_t *indices);
