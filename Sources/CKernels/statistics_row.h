// The layout of Swift's StatisticsRow: weight, scatter, then the sums.
#pragma once

#include <stddef.h>

#include "vector_math.h"

enum { row_weight = 0, row_scatter = 1, row_sums = 2, row_most_sums = 6 };

static inline size_t row_width(size_t dimension) {
  return row_sums + dimension;
}

// What four points add to their rows: of each its first four numbers in a
// register, the others in planes.
typedef struct {
  __m256d first[4];
  double rest[row_most_sums - 2][4];
} row_terms;

// The terms of four points with these weights and scatters.
INLINED void set_row_terms(
    row_terms *terms, __m256d weight, __m256d scatter, const __m256d *point,
    const size_t dimension) {
  const __m256d x = _mm256_mul_pd(weight, point[0]);
  const __m256d y =
      dimension > 1 ? _mm256_mul_pd(weight, point[1]) : _mm256_setzero_pd();
  // Columns become rows.
  const __m256d even = _mm256_unpacklo_pd(weight, scatter);
  const __m256d odd = _mm256_unpackhi_pd(weight, scatter);
  const __m256d even_sums = _mm256_unpacklo_pd(x, y);
  const __m256d odd_sums = _mm256_unpackhi_pd(x, y);
  terms->first[0] = _mm256_permute2f128_pd(even, even_sums, 0x20);
  terms->first[1] = _mm256_permute2f128_pd(odd, odd_sums, 0x20);
  terms->first[2] = _mm256_permute2f128_pd(even, even_sums, 0x31);
  terms->first[3] = _mm256_permute2f128_pd(odd, odd_sums, 0x31);
  for (size_t d = 2; d < dimension; d++)
    _mm256_storeu_pd(terms->rest[d - 2], _mm256_mul_pd(weight, point[d]));
}

// Adds the terms of one of the points to a row.
INLINED void add_row_terms(
    double *row, const row_terms *terms, size_t lane, const size_t dimension) {
  if (dimension == 1) {
    // Four numbers would reach into the next row.
    const double *term = (const double *)&terms->first[lane];
    for (size_t i = 0; i < row_width(1); i++) row[i] += term[i];
    return;
  }
  _mm256_storeu_pd(
      row, _mm256_add_pd(_mm256_loadu_pd(row), terms->first[lane]));
  for (size_t d = 2; d < dimension; d++)
    row[row_sums + d] += terms->rest[d - 2][lane];
}
