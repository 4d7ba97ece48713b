#include "CKernels.h"

#if defined(__x86_64__)

#include "statistics_row.h"
#include "vector_math.h"

enum { most_kept = 8 };

// `dimension` and `truncation` are constants where this is called.
INLINED void share(
    const double *coordinates, size_t stride, const double *weights,
    size_t start, size_t end, const int32_t *candidates,
    size_t candidate_count, const double *means, size_t lanes,
    const size_t dimension, const size_t truncation, double precision,
    double *statistics, double *sums) {
  const size_t width = row_width(dimension);
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
      __m256d distance = squared_distance(point, mean, dimension);
      __m256d closer =
          _mm256_cmp_pd(distance, kept[truncation - 1], _CMP_LT_OQ);
      // With few kept, pushing them is as fast as guessing whether to.
      if (truncation > 3 && _mm256_movemask_pd(closer) == 0) continue;
      __m256i component = _mm256_set1_epi64x(candidates[c]);
      closer = _mm256_setzero_pd();
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

    row_terms terms[most_kept];
    int64_t numbers[most_kept][4];
    double energies[4], scatters[4];
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
      const __m256d part = _mm256_mul_pd(scale, q[i]);
      set_row_terms(
          &terms[i], part, _mm256_mul_pd(part, kept[i]), point, dimension);
      _mm256_storeu_si256((__m256i *)numbers[i], components[i]);
    }
    const __m256d evidence = _mm256_sub_pd(
        logarithm(total), _mm256_mul_pd(kept[0], all(precision)));
    _mm256_storeu_pd(energies, _mm256_mul_pd(weight, evidence));
    _mm256_storeu_pd(scatters, _mm256_mul_pd(weight, kept[0]));

    const size_t count = end - n < 4 ? end - n : 4;
    for (size_t lane = 0; lane < count; lane++) {
      sums[0] += energies[lane];
      sums[1] += scatters[lane];
      for (size_t i = 0; i < truncation; i++)
        add_row_terms(
            statistics + (size_t)numbers[i][lane] * width, &terms[i], lane,
            dimension);
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
  // Colours of three coordinates, shared by a few, are what counts.
  if (dimension == 3 && truncation == 2)
    SHARE(3, 2);
  else if (dimension == 3 && truncation == 3)
    SHARE(3, 3);
  else if (dimension == 3 && truncation == 4)
    SHARE(3, 4);
  else if (dimension == 3)
    SHARE(3, truncation);
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
