// Swift's VectorMath on registers of four numbers, for x86-64 only. A change to
// one of the two belongs in the other as well: their results are the same bits.
#pragma once

#include <immintrin.h>

// Products and sums stay apart: a fused multiply-add would round once less than
// the portable code does.
#pragma STDC FP_CONTRACT OFF

#define AVX2 __attribute__((target("avx2")))
#define INLINED AVX2 static inline __attribute__((always_inline))

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

// From four points to a mean.
INLINED __m256d squared_distance(
    const __m256d *point, const double *mean, const size_t dimension) {
  __m256d difference = _mm256_sub_pd(point[0], all(mean[0]));
  __m256d distance = _mm256_mul_pd(difference, difference);
  for (size_t d = 1; d < dimension; d++) {
    difference = _mm256_sub_pd(point[d], all(mean[d]));
    distance = _mm256_add_pd(distance, _mm256_mul_pd(difference, difference));
  }
  return distance;
}
