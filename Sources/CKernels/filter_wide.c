#include "CKernels.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define FMA __attribute__((target("avx2,fma")))

// Points at a time, in two registers, and components: as many sums as there are
// registers for.
enum { half = 8, tile_points = 2 * half, tile_components = 4, most_kept = 8 };

typedef struct {
  __m256 low, high;
} sums;

// Eight points from n on, of which `count` count; in place of others the first.
FMA static inline __m256 loaded(
    const double *plane, size_t n, size_t count, __m256d origin,
    __m256d scale) {
  const size_t second = count > 4 ? n + 4 : n;
  const __m256d a = _mm256_loadu_pd(plane + n);
  const __m256d b = _mm256_loadu_pd(plane + second);
  return _mm256_set_m128(
      _mm256_cvtpd_ps(_mm256_mul_pd(_mm256_sub_pd(b, origin), scale)),
      _mm256_cvtpd_ps(_mm256_mul_pd(_mm256_sub_pd(a, origin), scale)));
}

FMA static inline float largest(sums x) {
  float lanes[half];
  _mm256_storeu_ps(lanes, _mm256_max_ps(x.low, x.high));
  float most = lanes[0];
  for (size_t i = 1; i < half; i++) most = lanes[i] > most ? lanes[i] : most;
  return most;
}

// |c|²/2 − x·c of a tile's points and some components.
FMA static inline __attribute__((always_inline)) void scores(
    const qk_wide_filter *filter, const float *tile, const int32_t *candidates,
    const size_t count, sums *found) {
  const float *means[tile_components];
  for (size_t i = 0; i < count; i++) {
    means[i] = filter->means + (size_t)candidates[i] * filter->dimension;
    found[i].low = found[i].high =
        _mm256_set1_ps(filter->half_squares[candidates[i]]);
  }
  for (size_t d = 0; d < filter->dimension; d++) {
    const __m256 low = _mm256_loadu_ps(tile + d * tile_points);
    const __m256 high = _mm256_loadu_ps(tile + d * tile_points + half);
    for (size_t i = 0; i < count; i++) {
      const __m256 mean = _mm256_broadcast_ss(means[i] + d);
      found[i].low = _mm256_fnmadd_ps(mean, low, found[i].low);
      found[i].high = _mm256_fnmadd_ps(mean, high, found[i].high);
    }
  }
}

FMA size_t qk_filter_wide(
    const qk_wide_filter *filter, const double *coordinates, size_t stride,
    size_t start, size_t count, const int32_t *candidates,
    size_t candidate_count, size_t keep, float *lower_bounds, int32_t *kept,
    uint16_t *masks) {
  float tile[qk_most_wide * tile_points];
  const size_t first = count < half ? count : half;
  const size_t rest = count > half ? count - half : 0;
  const __m256d scale = _mm256_set1_pd(filter->scale);
  sums squares = {_mm256_setzero_ps(), _mm256_setzero_ps()};
  for (size_t d = 0; d < filter->dimension; d++) {
    const double *plane = coordinates + d * stride;
    const __m256d origin = _mm256_set1_pd(filter->origin[d]);
    const __m256 low = loaded(plane, start, first, origin, scale);
    const __m256 high =
        rest ? loaded(plane, start + half, rest, origin, scale) : low;
    _mm256_storeu_ps(tile + d * tile_points, low);
    _mm256_storeu_ps(tile + d * tile_points + half, high);
    squares.low = _mm256_fmadd_ps(low, low, squares.low);
    squares.high = _mm256_fmadd_ps(high, high, squares.high);
  }
  const float square = largest(squares);
  const __m256 one_half = _mm256_set1_ps(0.5f);
  squares.low = _mm256_mul_ps(squares.low, one_half);
  squares.high = _mm256_mul_ps(squares.high, one_half);

  // The least upper bounds, sorted.
  sums least[most_kept];
  for (size_t i = 0; i < keep; i++)
    least[i].low = least[i].high = _mm256_set1_ps(__builtin_inff());
  for (size_t place = 0; place < candidate_count; place += tile_components) {
    const size_t some = candidate_count - place < tile_components
                            ? candidate_count - place
                            : tile_components;
    sums found[tile_components];
    if (some == tile_components)
      scores(filter, tile, candidates + place, tile_components, found);
    else
      for (size_t i = 0; i < some; i++)
        scores(filter, tile, candidates + place + i, 1, found + i);
    for (size_t i = 0; i < some; i++) {
      const size_t c = (size_t)candidates[place + i];
      sums cost = found[i];
      if (filter->factors) {
        const __m256 factor = _mm256_set1_ps(filter->factors[c]);
        const __m256 offset = _mm256_set1_ps(filter->offsets[c]);
        cost.low = _mm256_fmadd_ps(
            factor, _mm256_add_ps(cost.low, squares.low), offset);
        cost.high = _mm256_fmadd_ps(
            factor, _mm256_add_ps(cost.high, squares.high), offset);
      }
      const __m256 error = _mm256_set1_ps(
          filter->fixed_errors[c] + square * filter->errors[c]);
      float *bounds = lower_bounds + (place + i) * tile_points;
      _mm256_storeu_ps(bounds, _mm256_sub_ps(cost.low, error));
      _mm256_storeu_ps(bounds + half, _mm256_sub_ps(cost.high, error));
      // Of something that is no number and another the second is taken.
      const __m256 infinite = _mm256_set1_ps(__builtin_inff());
      sums upper = {
          _mm256_min_ps(_mm256_add_ps(cost.low, error), infinite),
          _mm256_min_ps(_mm256_add_ps(cost.high, error), infinite)};
      for (size_t j = 0; j < keep; j++) {
        const sums old = least[j];
        least[j].low = _mm256_min_ps(upper.low, old.low);
        least[j].high = _mm256_min_ps(upper.high, old.high);
        upper.low = _mm256_max_ps(upper.low, old.low);
        upper.high = _mm256_max_ps(upper.high, old.high);
      }
    }
  }
  const __m256 vanishing = _mm256_set1_ps(filter->vanishing);
  const sums most = {
      _mm256_min_ps(
          least[keep - 1].low, _mm256_add_ps(least[0].low, vanishing)),
      _mm256_min_ps(
          least[keep - 1].high, _mm256_add_ps(least[0].high, vanishing))};
  const unsigned lanes = (1u << count) - 1;
  size_t result = 0;
  for (size_t place = 0; place < candidate_count; place++) {
    const float *bounds = lower_bounds + place * tile_points;
    // What is not a number is kept.
    const unsigned low = (unsigned)_mm256_movemask_ps(_mm256_cmp_ps(
        _mm256_loadu_ps(bounds), most.low, _CMP_NGT_UQ));
    const unsigned high = (unsigned)_mm256_movemask_ps(_mm256_cmp_ps(
        _mm256_loadu_ps(bounds + half), most.high, _CMP_NGT_UQ));
    const unsigned mask = (low | high << half) & lanes;
    kept[result] = candidates[place];
    masks[result] = (uint16_t)mask;
    result += mask != 0;
  }
  return result;
}

#else

size_t qk_filter_wide(
    const qk_wide_filter *filter, const double *coordinates, size_t stride,
    size_t start, size_t count, const int32_t *candidates,
    size_t candidate_count, size_t keep, float *lower_bounds, int32_t *kept,
    uint16_t *masks) {
  // Never called: see qk_available.
  return 0;
}

#endif
