#include "CKernels.h"

#if defined(__x86_64__)

#include "statistics_row.h"
#include "vector_math.h"

INLINED void add_product(double *sum, __m256d a, __m256d b) {
  _mm256_storeu_pd(
      sum, _mm256_add_pd(_mm256_loadu_pd(sum), _mm256_mul_pd(a, b)));
}

// `dimension` is a constant where this is called.
INLINED void share(
    const double *coordinates, size_t stride, const double *weights,
    size_t start, size_t end, const int32_t *live, size_t live_count,
    const double *means, size_t lanes, const size_t dimension,
    const double *offsets, const double *precisions, double *room,
    double *shared, double *totals) {
  double *distances = room;
  double *responsibilities = room + 4 * live_count;
  for (size_t n = start; n < end; n += 4) {
    __m256d point[6];
    for (size_t d = 0; d < dimension; d++)
      point[d] = _mm256_loadu_pd(coordinates + d * stride + n);
    __m256d nearest = all(__builtin_inf());
    __m256d least = all(__builtin_inf());
    for (size_t i = 0; i < live_count; i++) {
      const size_t component = (size_t)live[i];
      const double *mean = means + component * lanes;
      const __m256d distance = squared_distance(point, mean, dimension);
      const __m256d cost = _mm256_add_pd(
          all(offsets[component]),
          _mm256_mul_pd(distance, all(precisions[component])));
      _mm256_storeu_pd(distances + 4 * i, distance);
      _mm256_storeu_pd(responsibilities + 4 * i, cost);
      nearest = _mm256_min_pd(distance, nearest);
      least = _mm256_min_pd(cost, least);
    }
    __m256d total = _mm256_setzero_pd();
    for (size_t i = 0; i < live_count; i++) {
      const __m256d q = exponential(
          _mm256_sub_pd(least, _mm256_loadu_pd(responsibilities + 4 * i)));
      _mm256_storeu_pd(responsibilities + 4 * i, q);
      total = _mm256_add_pd(total, q);
    }
    const __m256i inside = _mm256_cmpgt_epi64(
        _mm256_set1_epi64x((int64_t)(end - n)),
        _mm256_set_epi64x(3, 2, 1, 0));
    const __m256d weight = _mm256_and_pd(
        _mm256_loadu_pd(weights + n), _mm256_castsi256_pd(inside));
    add_product(
        totals, weight, _mm256_sub_pd(logarithm(total), least));
    add_product(totals + 4, weight, nearest);
    const __m256d scale = _mm256_div_pd(weight, total);
    for (size_t i = 0; i < live_count; i++) {
      const __m256d part =
          _mm256_mul_pd(scale, _mm256_loadu_pd(responsibilities + 4 * i));
      double *row = shared + 4 * i * row_width(dimension);
      double *total_weight = row + 4 * row_weight;
      _mm256_storeu_pd(
          total_weight, _mm256_add_pd(_mm256_loadu_pd(total_weight), part));
      add_product(
          row + 4 * row_scatter, part, _mm256_loadu_pd(distances + 4 * i));
      for (size_t d = 0; d < dimension; d++)
        add_product(row + 4 * (row_sums + d), part, point[d]);
    }
  }
}

AVX2 void qk_share_densely(
    const double *coordinates, size_t stride, const double *weights,
    size_t start, size_t end, const int32_t *live, size_t live_count,
    const double *means, size_t lanes, size_t dimension,
    const double *offsets, const double *precisions, double *room,
    double *shared, double *totals) {
#define SHARE(D)                                                            \
  share(                                                                    \
      coordinates, stride, weights, start, end, live, live_count, means,    \
      lanes, D, offsets, precisions, room, shared, totals)
  if (dimension == 3)
    SHARE(3);
  else
    SHARE(dimension);
#undef SHARE
}

#else

void qk_share_densely(
    const double *coordinates, size_t stride, const double *weights,
    size_t start, size_t end, const int32_t *live, size_t live_count,
    const double *means, size_t lanes, size_t dimension,
    const double *offsets, const double *precisions, double *room,
    double *shared, double *totals) {
  // Never called: see qk_available.
}

#endif
