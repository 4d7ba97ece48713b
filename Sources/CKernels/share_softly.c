#include "CKernels.h"

#if defined(__x86_64__)

#include <immintrin.h>

// As in assign_nearest.c: nothing is fused, so that the bits are those of the
// portable code.
#pragma STDC FP_CONTRACT OFF

#define AVX2 __attribute__((target("avx2")))
#define INLINED AVX2 static inline __attribute__((always_inline))

enum { most_kept = 8 };

INLINED __m256d all(double value) { return _mm256_set1_pd(value); }

// sum * x + c, in two roundings.
INLINED __m256d step(__m256d sum, __m256d x, double c) {
  return _mm256_add_pd(_mm256_mul_pd(sum, x), all(c));
}

// VectorMath.exp.
INLINED __m256d exponential(__m256d x) {
  const __m256d vanishes = _mm256_cmp_pd(x, all(-708), _CMP_LT_OQ);
  x = _mm256_blendv_pd(x, _mm256_setzero_pd(), vanishes);
  const __m256d rounder = all(0x1.8p52);
  const __m256d shifted =
      _mm256_add_pd(_mm256_mul_pd(x, all(1.4426950408889634)), rounder);
  const __m256d n = _mm256_sub_pd(shifted, rounder);
  const __m256d r = _mm256_sub_pd(
      _mm256_sub_pd(x, _mm256_mul_pd(n, all(0x1.62e42fee00000p-1))),
      _mm256_mul_pd(n, all(0x1.a39ef35793c76p-33)));
  __m256d sum = all(1.0 / 6227020800);
  sum = step(sum, r, 1.0 / 479001600);
  sum = step(sum, r, 1.0 / 39916800);
  sum = step(sum, r, 1.0 / 3628800);
  sum = step(sum, r, 1.0 / 362880);
  sum = step(sum, r, 1.0 / 40320);
  sum = step(sum, r, 1.0 / 5040);
  sum = step(sum, r, 1.0 / 720);
  sum = step(sum, r, 1.0 / 120);
  sum = step(sum, r, 1.0 / 24);
  sum = step(sum, r, 1.0 / 6);
  sum = step(sum, r, 0.5);
  sum = step(sum, r, 1);
  sum = step(sum, r, 1);
  const __m256i exponents = _mm256_slli_epi64(_mm256_castpd_si256(shifted), 52);
  const __m256d result = _mm256_castsi256_pd(
      _mm256_add_epi64(_mm256_castpd_si256(sum), exponents));
  return _mm256_blendv_pd(result, _mm256_setzero_pd(), vanishes);
}

// VectorMath.log.
INLINED __m256d logarithm(__m256d x) {
  const __m256i bits = _mm256_castpd_si256(x);
  const __m256i exponent = _mm256_sub_epi64(
      _mm256_srli_epi64(
          _mm256_add_epi64(bits, _mm256_set1_epi64x(0x00095f6200000000)), 52),
      _mm256_set1_epi64x(1023));
  const __m256d mantissa = _mm256_castsi256_pd(
      _mm256_sub_epi64(bits, _mm256_slli_epi64(exponent, 52)));
  const __m256d whole = all(0x1p52);
  const __m256d n = _mm256_sub_pd(
      _mm256_castsi256_pd(
          _mm256_or_si256(exponent, _mm256_castpd_si256(whole))),
      whole);
  const __m256d s = _mm256_div_pd(
      _mm256_sub_pd(mantissa, all(1)), _mm256_add_pd(mantissa, all(1)));
  const __m256d square = _mm256_mul_pd(s, s);
  __m256d sum = all(1.0 / 23);
  sum = step(sum, square, 1.0 / 21);
  sum = step(sum, square, 1.0 / 19);
  sum = step(sum, square, 1.0 / 17);
  sum = step(sum, square, 1.0 / 15);
  sum = step(sum, square, 1.0 / 13);
  sum = step(sum, square, 1.0 / 11);
  sum = step(sum, square, 1.0 / 9);
  sum = step(sum, square, 1.0 / 7);
  sum = step(sum, square, 1.0 / 5);
  sum = step(sum, square, 1.0 / 3);
  sum = step(sum, square, 1);
  return _mm256_add_pd(
      _mm256_mul_pd(n, all(0x1.62e42fee00000p-1)),
      _mm256_add_pd(
          _mm256_mul_pd(n, all(0x1.a39ef35793c76p-33)),
          _mm256_mul_pd(_mm256_mul_pd(all(2), s), sum)));
}

// `dimension` and `truncation` are constants where this is called.
INLINED void share(
    const double *coordinates, size_t stride, const double *weights,
    size_t start, size_t end, const int32_t *candidates,
    size_t candidate_count, const double *means, size_t lanes,
    const size_t dimension, const size_t truncation, double precision,
    double *statistics, double *sums) {
  const size_t width = dimension + 2;
  for (size_t n = start; n < end; n += 4) {
    __m256d point[6];
    for (size_t d = 0; d < dimension; d++)
      point[d] = _mm256_loadu_pd(coordinates + d * stride + n);
    __m256d kept[most_kept];
    __m256i components[most_kept];
    for (size_t i = 0; i < truncation; i++) {
      kept[i] = all(__builtin_inf());
      components[i] = _mm256_setzero_si256();
    }
    for (size_t c = 0; c < candidate_count; c++) {
      const double *mean = means + (size_t)candidates[c] * lanes;
      __m256d difference = _mm256_sub_pd(point[0], all(mean[0]));
      __m256d distance = _mm256_mul_pd(difference, difference);
      for (size_t d = 1; d < dimension; d++) {
        difference = _mm256_sub_pd(point[d], all(mean[d]));
        distance =
            _mm256_add_pd(distance, _mm256_mul_pd(difference, difference));
      }
      __m256i component = _mm256_set1_epi64x(candidates[c]);
      __m256d closer = _mm256_setzero_pd();
      for (size_t i = 0; i < truncation; i++) {
        closer = _mm256_or_pd(
            closer, _mm256_cmp_pd(distance, kept[i], _CMP_LT_OQ));
        const __m256d pushed = kept[i];
        const __m256i pushed_component = components[i];
        kept[i] = _mm256_blendv_pd(kept[i], distance, closer);
        components[i] = _mm256_blendv_epi8(
            components[i], component, _mm256_castpd_si256(closer));
        distance = _mm256_blendv_pd(distance, pushed, closer);
        component = _mm256_blendv_epi8(
            component, pushed_component, _mm256_castpd_si256(closer));
      }
    }

    double distances[most_kept][4], shares[most_kept][4];
    int64_t numbers[most_kept][4];
    double logarithms[4], nearest[4];
    __m256d q[most_kept];
    __m256d total = _mm256_setzero_pd();
    for (size_t i = 0; i < truncation; i++) {
      q[i] = exponential(
          _mm256_mul_pd(_mm256_sub_pd(kept[0], kept[i]), all(precision)));
      total = _mm256_add_pd(total, q[i]);
    }
    const __m256d weight = _mm256_loadu_pd(weights + n);
    const __m256d scale = _mm256_div_pd(weight, total);
    for (size_t i = 0; i < truncation; i++) {
      _mm256_storeu_pd(shares[i], _mm256_mul_pd(scale, q[i]));
      _mm256_storeu_pd(distances[i], kept[i]);
      _mm256_storeu_si256((__m256i *)numbers[i], components[i]);
    }
    _mm256_storeu_pd(
        logarithms,
        _mm256_sub_pd(
            logarithm(total), _mm256_mul_pd(kept[0], all(precision))));
    _mm256_storeu_pd(nearest, kept[0]);

    const size_t count = end - n < 4 ? end - n : 4;
    for (size_t lane = 0; lane < count; lane++) {
      sums[0] += weights[n + lane] * logarithms[lane];
      sums[1] += weights[n + lane] * nearest[lane];
      for (size_t i = 0; i < truncation; i++) {
        const double part = shares[i][lane];
        double *row = statistics + (size_t)numbers[i][lane] * width;
        row[0] += part;
        row[1] += part * distances[i][lane];
        for (size_t d = 0; d < dimension; d++)
          row[2 + d] += part * coordinates[d * stride + n + lane];
      }
    }
  }
}

AVX2 void qk_share_softly(
    const double *coordinates, size_t stride, const double *weights,
    size_t start, size_t end, const int32_t *candidates,
    size_t candidate_count, const double *means, size_t lanes,
    size_t dimension, size_t truncation, double precision,
    double *statistics, double *sums) {
#define SHARE(D, T)                                                          \
  share(                                                                     \
      coordinates, stride, weights, start, end, candidates, candidate_count, \
      means, lanes, D, T, precision, statistics, sums)
  // Colours of three coordinates, shared by two or three, are what counts.
  if (dimension == 3 && truncation == 2)
    SHARE(3, 2);
  else if (dimension == 3 && truncation == 3)
    SHARE(3, 3);
  else
    SHARE(dimension, truncation);
#undef SHARE
}

#else

void qk_share_softly(
    const double *coordinates, size_t stride, const double *weights,
    size_t start, size_t end, const int32_t *candidates,
    size_t candidate_count, const double *means, size_t lanes,
    size_t dimension, size_t truncation, double precision,
    double *statistics, double *sums) {
  // Never called: see qk_available.
}

#endif
