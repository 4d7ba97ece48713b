// The layout of Swift's StatisticsRow: weight, scatter, then the sums.
#pragma once

#include <stddef.h>

enum { row_weight = 0, row_scatter = 1, row_sums = 2 };

static inline size_t row_width(size_t dimension) {
  return row_sums + dimension;
}
