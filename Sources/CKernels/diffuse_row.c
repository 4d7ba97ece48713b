#include "CKernels.h"

#include <stdbool.h>

#include "nearest_entry.h"

// Products and sums stay apart, so that all machines get the same bits.
#pragma STDC FP_CONTRACT OFF

// What a pixel receives of an error.
QK_INLINED qk_floats limited(qk_floats error, float most) {
  const qk_floats squares = error * error;
  const float size = ((squares[0] + squares[1]) + squares[2]) + squares[3];
  // Foreseen, so that what follows need not wait for the size.
  if (__builtin_expect(size > most, 0))
    return error * __builtin_elementwise_sqrt(most / size);
  return error;
}

// `has_taps` is a constant where this is called.
QK_INLINED void diffuse(
    const qk_row *row, const qk_entries *all, float strength,
    const qk_tap *taps, size_t tap_count, float *const *lines,
    uint16_t *output, const bool has_taps) {
  const qk_entries entries = *all;
  const qk_floats *points = (const qk_floats *)row->points;
  const qk_floats *shown = (const qk_floats *)entries.points;
  qk_floats *current = (qk_floats *)lines[0];
  qk_floats *below = (qk_floats *)lines[1];
  const ptrdiff_t step = row->step;
  ptrdiff_t x = step > 0 ? 0 : (ptrdiff_t)row->width - 1;
  const qk_floats nothing = {0, 0, 0, 0};
  qk_floats ahead = nothing;
  // What the pixels below the last one and below this one have received.
  qk_floats behind = nothing;
  qk_floats under = nothing;
  for (size_t n = 0; n < row->width; n++, x += step) {
    const uint8_t class = row->classes[x];
    if (__builtin_expect(class == qk_class_transparent, 0)) {
      if (output) output[x] = row->known[x];
      ahead = nothing;
      if (!has_taps) {
        if (n > 0) below[x - step] = behind;
        behind = under;
        under = nothing;
      }
      continue;
    }
    const qk_floats wanted =
        points[x] + limited(current[x] + ahead, row->limits[x]);
    const int32_t entry =
        qk_nearest_entry(&entries, &wanted, row->known[x], class);
    if (output) output[x] = (uint16_t)entry;
    const qk_floats rest = (wanted - shown[entry]) * strength;
    if (has_taps) {
      for (size_t i = 0; i < tap_count; i++) {
        qk_floats *line = (qk_floats *)lines[taps[i].below];
        line[x + step * taps[i].ahead] += rest * taps[i].share;
      }
    } else {
      const qk_floats share = rest * 0.0625f;
      if (n > 0) below[x - step] = behind + share * 3;
      behind = under + share * 5;
      under = share;
      ahead = share * 7;
    }
  }
  if (!has_taps && row->width > 0) below[x - step] = behind;
}

QK_INLINED void diffuse_any(
    const qk_row *row, const qk_entries *entries, float strength,
    const qk_tap *taps, size_t tap_count, float *const *lines,
    uint16_t *output) {
  if (tap_count > 0)
    diffuse(row, entries, strength, taps, tap_count, lines, output, true);
  else
    diffuse(row, entries, strength, taps, tap_count, lines, output, false);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static int32_t find_avx2(
    const qk_grid *grid, float x, float y, float z) {
  return qk_grid_nearest(grid, x, y, z);
}

__attribute__((target("avx2"))) static void diffuse_avx2(
    const qk_row *row, const qk_entries *entries, float strength,
    const qk_tap *taps, size_t tap_count, float *const *lines,
    uint16_t *output) {
  diffuse_any(row, entries, strength, taps, tap_count, lines, output);
}
#endif

int32_t qk_find_nearest(const qk_grid *grid, float x, float y, float z) {
#if defined(__x86_64__)
  if (qk_available()) return find_avx2(grid, x, y, z);
#endif
  return qk_grid_nearest(grid, x, y, z);
}

void qk_diffuse_row(
    const qk_row *row, const qk_entries *entries, float strength,
    const qk_tap *taps, size_t tap_count, float *const *lines,
    uint16_t *output) {
#if defined(__x86_64__)
  if (qk_available()) {
    diffuse_avx2(row, entries, strength, taps, tap_count, lines, output);
    return;
  }
#endif
  diffuse_any(row, entries, strength, taps, tap_count, lines, output);
}
