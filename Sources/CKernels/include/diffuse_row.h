// Error diffusion along a row, for Quantization's ErrorDiffusion.
#pragma once

#include "nearest_grid.h"

// A pixel that receives a share of an error: columns ahead in the direction of
// the row, and rows below.
typedef struct {
  ptrdiff_t ahead;
  size_t below;
  float share;
} qk_tap;

// What is seen of the pixels of a row; four numbers a point.
typedef struct {
  const float *points;
  const float *limits;
  const uint16_t *known;
  const uint8_t *classes;
  size_t width;

  // 1 from left to right, or -1.
  ptrdiff_t step;
} qk_row;

// The entries, four numbers each. `grid`, which may be null, knows the opaque
// ones, from `first_opaque` on; whatever it does not know, `search` finds, from
// a point, an entry near it and a class of colours.
typedef struct {
  const float *points;
  const qk_grid *grid;
  int32_t first_opaque;
  int32_t (*search)(
      const void *context, const float *point, uint16_t known, uint8_t class);
  const void *context;
} qk_entries;

// The entry of a grid that is nearest to a point, or -1.
int32_t qk_find_nearest(const qk_grid *grid, float x, float y, float z);

// The classes of colours that are told apart.
enum { qk_class_opaque = 0, qk_class_transparent = 2 };

// Dithers a row. `lines` are the errors that this row and the two below it
// receive, from their first pixels on, four numbers each, with room for the taps
// on both sides. `output`, which may be null, gets the entries.
//
// Without taps these are Floyd and Steinberg's, and the line below needs not be
// empty: it is overwritten.
void qk_diffuse_row(
    const qk_row *row, const qk_entries *entries, float strength,
    const qk_tap *taps, size_t tap_count, float *const *lines,
    uint16_t *output);
