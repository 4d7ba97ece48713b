#include "CKernels.h"

#if defined(__x86_64__)

#include "statistics_row.h"
#include "vector_math.h"

bool qk_available(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

// `dimension` is a constant where this is called, so its loops unroll.
INLINED double assign(
    const double *coordinates, size_t stride, const double *weights,
    size_t start, size_t end, const int32_t *candidates,
    size_t candidate_count, const double *means, size_t lanes,
    const size_t dimension, double *statistics, uint16_t *nearest) {
  const size_t width = row_width(dimension);
  double inertia = 0;
  for (size_t n = start; n < end; n += 4) {
    __m256d point[6];
    for (size_t d = 0; d < dimension; d++)
      point[d] = _mm256_loadu_pd(coordinates + d * stride + n);
    __m256d least = _mm256_set1_pd(__builtin_inf());
    __m256i component = _mm256_setzero_si256();
    for (size_t i = 0; i < candidate_count; i++) {
      const int32_t candidate = candidates[i];
      const double *mean = means + (size_t)candidate * lanes;
      const __m256d distance = squared_distance(point, mean, dimension);
      const __m256d closer = _mm256_cmp_pd(distance, least, _CMP_LT_OQ);
      least = _mm256_blendv_pd(least, distance, closer);
      component = _mm256_blendv_epi8(
          component, _mm256_set1_epi64x(candidate),
          _mm256_castpd_si256(closer));
    }
    const __m256d scatter =
        _mm256_mul_pd(_mm256_loadu_pd(weights + n), least);
    row_terms terms;
    set_row_terms(
        &terms, _mm256_loadu_pd(weights + n), scatter, point, dimension);
    double scatters[4];
    int64_t components[4];
    _mm256_storeu_pd(scatters, scatter);
    _mm256_storeu_si256((__m256i *)components, component);
    const size_t count = end - n < 4 ? end - n : 4;
    for (size_t lane = 0; lane < count; lane++) {
      add_row_terms(
          statistics + (size_t)components[lane] * width, &terms, lane,
          dimension);
      inertia += scatters[lane];
      if (nearest) nearest[n + lane] = (uint16_t)components[lane];
    }
  }
  return inertia;
}

AVX2 double qk_assign_nearest(
    const double *coordinates, size_t stride, const double *weights,
    size_t start, size_t end, const int32_t *candidates,
    size_t candidate_count, const double *means, size_t lanes,
    size_t dimension, double *statistics, uint16_t *nearest) {
#define CASE(D)                                                              \
  case D:                                                                    \
    return assign(                                                           \
        coordinates, stride, weights, start, end, candidates,                \
        candidate_count, means, lanes, D, statistics, nearest)
  switch (dimension) {
    CASE(1);
    CASE(2);
    CASE(3);
    CASE(4);
    CASE(5);
    CASE(6);
  default:
    return 0;
  }
#undef CASE
}

#else

bool qk_available(void) { return false; }

double qk_assign_nearest(
    const double *coordinates, size_t stride, const double *weights,
    size_t start, size_t end, const int32_t *candidates,
    size_t candidate_count, const double *means, size_t lanes,
    size_t dimension, double *statistics, uint16_t *nearest) {
  // Never called: see qk_available.
  return 0;
}

#endif
