// The nearest of the entries that a class of colours may get.
#pragma once

#include "diffuse_row.h"

QK_INLINED int32_t qk_nearest_entry(
    const qk_entries *entries, const qk_floats *point, uint16_t known,
    uint8_t class) {
  if (class == qk_class_opaque && entries->grid) {
    const int32_t found =
        qk_grid_nearest(entries->grid, (*point)[0], (*point)[1], (*point)[2]);
    if (__builtin_expect(found >= 0, 1)) return found + entries->first_opaque;
  }
  return entries->search(
      entries->context, (const float *)point, known, class);
}
