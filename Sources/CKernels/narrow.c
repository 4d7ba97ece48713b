#include "CKernels.h"

#if defined(__x86_64__)

#include "vector_math.h"

enum { most_pivots = 8, most_dimensions = 6 };

// For each set of lanes, where the lanes that it keeps come from, as halves of
// doubles.
#define LANE(i) 2 * (i), 2 * (i) + 1
#define KEPT(a, b, c, d) {LANE(a), LANE(b), LANE(c), LANE(d)}
static const int32_t kept_doubles[16][8] __attribute__((aligned(32))) = {
    KEPT(0, 0, 0, 0), KEPT(0, 0, 0, 0), KEPT(1, 0, 0, 0), KEPT(0, 1, 0, 0),
    KEPT(2, 0, 0, 0), KEPT(0, 2, 0, 0), KEPT(1, 2, 0, 0), KEPT(0, 1, 2, 0),
    KEPT(3, 0, 0, 0), KEPT(0, 3, 0, 0), KEPT(1, 3, 0, 0), KEPT(0, 1, 3, 0),
    KEPT(2, 3, 0, 0), KEPT(0, 2, 3, 0), KEPT(1, 2, 3, 0), KEPT(0, 1, 2, 3)};
#undef KEPT
#undef LANE

// A box, and the components near it.
typedef struct {
  // Twice the least and the greatest coordinates, and the middle.
  __m256d low[most_dimensions], high[most_dimensions], middle[most_dimensions];
  // The means, in planes, from the first of the list on.
  const double *planes;
  size_t stride;
} box;

// From the middle of the box to four means.
INLINED __m256d from_middle(
    const box *box, size_t place, const size_t dimension) {
  __m256d sum = _mm256_setzero_pd();
  for (size_t d = 0; d < dimension; d++) {
    const __m256d difference = _mm256_sub_pd(
        _mm256_loadu_pd(box->planes + d * box->stride + place), box->middle[d]);
    const __m256d square = _mm256_mul_pd(difference, difference);
    sum = d == 0 ? square : _mm256_add_pd(sum, square);
  }
  return sum;
}

// CandidateBox.excess of four means over a pivot.
INLINED __m256d excess(
    const box *box, size_t place, size_t pivot, const size_t dimension) {
  __m256d sum = _mm256_setzero_pd();
  for (size_t d = 0; d < dimension; d++) {
    const double *plane = box->planes + d * box->stride;
    const __m256d mean = _mm256_loadu_pd(plane + place);
    const __m256d nearest = all(plane[pivot]);
    const __m256d direction = _mm256_sub_pd(mean, nearest);
    const __m256d corner = _mm256_blendv_pd(
        box->low[d], box->high[d],
        _mm256_cmp_pd(direction, _mm256_setzero_pd(), _CMP_GT_OQ));
    const __m256d product = _mm256_mul_pd(
        direction, _mm256_sub_pd(_mm256_add_pd(mean, nearest), corner));
    sum = d == 0 ? product : _mm256_add_pd(sum, product);
  }
  return sum;
}

// `dimension` and `truncation` are constants where this is called.
INLINED size_t narrow(
    int32_t *numbers, double *planes, size_t stride, size_t count,
    const double *low, const double *high, const size_t dimension,
    const size_t truncation, double margin, double slack, double *distances,
    int32_t *first_pivot) {
  box box = {.planes = planes, .stride = stride};
  double diagonal = 0;
  for (size_t d = 0; d < dimension; d++) {
    const double middle = 0.5 * (low[d] + high[d]);
    const double half = high[d] - middle;
    diagonal += half * half;
    box.low[d] = all(2 * low[d]);
    box.high[d] = all(2 * high[d]);
    box.middle[d] = all(middle);
  }

  // The nearest to the middle, sorted, of equally far ones the first.
  double bounds[most_pivots];
  size_t pivots[most_pivots] = {0};
  for (size_t i = 0; i < truncation; i++) bounds[i] = __builtin_inf();
  for (size_t place = 0; place < count; place += 4) {
    const __m256d distance = from_middle(&box, place, dimension);
    _mm256_storeu_pd(distances + place, distance);
    unsigned nearer = (unsigned)_mm256_movemask_pd(
        _mm256_cmp_pd(distance, all(bounds[truncation - 1]), _CMP_LT_OQ));
    if (count - place < 4) nearer &= (1u << (count - place)) - 1;
    while (nearer) {
      const size_t n = place + (size_t)__builtin_ctz(nearer);
      nearer &= nearer - 1;
      size_t i = truncation - 1;
      if (!(distances[n] < bounds[i])) continue;
      while (i > 0 && bounds[i - 1] > distances[n]) {
        bounds[i] = bounds[i - 1];
        pivots[i] = pivots[i - 1];
        i--;
      }
      bounds[i] = distances[n];
      pivots[i] = n;
    }
  }
  *first_pivot = numbers[pivots[0]];

  const double reach =
      slack > 0 ? __builtin_sqrt(bounds[truncation - 1]) +
                      2 * __builtin_sqrt(diagonal)
                : 0;
  size_t end = count;
  for (size_t place = 0; place < count; place += 4) {
    __m256d least = all(margin);
    if (slack > 0)
      least = _mm256_add_pd(
          least,
          _mm256_mul_pd(
              all(slack),
              _mm256_add_pd(
                  all(reach),
                  _mm256_sqrt_pd(_mm256_loadu_pd(distances + place)))));
    unsigned dropped = 15;
    // The farthest pivot is the one that most often is not nearer.
    for (size_t i = truncation; i-- > 0 && dropped;)
      dropped &= (unsigned)_mm256_movemask_pd(_mm256_cmp_pd(
          excess(&box, place, pivots[i], dimension), least, _CMP_GT_OQ));
    unsigned kept = ~dropped & 15;
    if (count - place < 4) kept &= (1u << (count - place)) - 1;
    if (!kept) continue;
    const __m256i order =
        _mm256_load_si256((const __m256i *)kept_doubles[kept]);
    for (size_t d = 0; d < dimension; d++) {
      double *plane = planes + d * stride;
      _mm256_storeu_ps(
          (float *)(plane + end),
          _mm256_permutevar8x32_ps(
              _mm256_loadu_ps((const float *)(plane + place)), order));
    }
    // Numbers move as the lower halves of doubles do.
    const __m128i moved = _mm_loadu_si128((const __m128i *)(numbers + place));
    const __m256i wide =
        _mm256_permutevar8x32_epi32(_mm256_cvtepu32_epi64(moved), order);
    _mm_storeu_si128(
        (__m128i *)(numbers + end),
        _mm256_castsi256_si128(_mm256_permutevar8x32_epi32(
            wide, _mm256_setr_epi32(0, 2, 4, 6, 0, 0, 0, 0))));
    end += (size_t)__builtin_popcount(kept);
  }
  return end - count;
}

AVX2 size_t qk_narrow(
    int32_t *numbers, double *planes, size_t stride, size_t count,
    const double *low, const double *high, size_t dimension,
    size_t truncation, double margin, double slack, double *distances,
    int32_t *first_pivot) {
#define NARROW(D, T)                                                        \
  narrow(                                                                   \
      numbers, planes, stride, count, low, high, D, T, margin, slack,       \
      distances, first_pivot)
  if (dimension == 3 && truncation == 1) return NARROW(3, 1);
  if (dimension == 3 && truncation == 2) return NARROW(3, 2);
  if (dimension == 3) return NARROW(3, truncation);
  return NARROW(dimension, truncation);
#undef NARROW
}

#else

size_t qk_narrow(
    int32_t *numbers, double *planes, size_t stride, size_t count,
    const double *low, const double *high, size_t dimension,
    size_t truncation, double margin, double slack, double *distances,
    int32_t *first_pivot) {
  // Never called: see qk_available.
  return 0;
}

#endif
