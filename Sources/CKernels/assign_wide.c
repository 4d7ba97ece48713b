#include "CKernels.h"

#if defined(__x86_64__)

#include "statistics_row.h"
#include "vector_math.h"

// Points and components that are compared at a time: as many sums as there are
// registers for.
enum { tile_points = 8, tile_components = 4 };

// Coordinates after which components that are too far already are left.
enum { block = 16 };

// The squared distances of a tile's points to some components, coordinate by
// coordinate as everywhere. Components that are too far for all points after
// some coordinates keep what they have: sums only grow.
INLINED void tile_distances(
    const double *tile, const double *const *means, size_t dimension,
    const __m256d *least, const size_t count, __m256d distances[][2]) {
  for (size_t i = 0; i < count; i++)
    distances[i][0] = distances[i][1] = _mm256_setzero_pd();
  for (size_t start = 0; start < dimension; start += block) {
    const size_t end = start + block < dimension ? start + block : dimension;
    for (size_t d = start; d < end; d++) {
      const __m256d low = _mm256_loadu_pd(tile + d * tile_points);
      const __m256d high = _mm256_loadu_pd(tile + d * tile_points + 4);
      for (size_t i = 0; i < count; i++) {
        const __m256d mean = _mm256_broadcast_sd(means[i] + d);
        const __m256d a = _mm256_sub_pd(low, mean);
        const __m256d b = _mm256_sub_pd(high, mean);
        distances[i][0] = _mm256_add_pd(distances[i][0], _mm256_mul_pd(a, a));
        distances[i][1] = _mm256_add_pd(distances[i][1], _mm256_mul_pd(b, b));
      }
    }
    __m256d near = _mm256_setzero_pd();
    for (size_t i = 0; i < count; i++) {
      near = _mm256_or_pd(
          near, _mm256_cmp_pd(distances[i][0], least[0], _CMP_LT_OQ));
      near = _mm256_or_pd(
          near, _mm256_cmp_pd(distances[i][1], least[1], _CMP_LT_OQ));
    }
    if (_mm256_testz_pd(near, near)) return;
  }
}

// Gives up to four points to their nearest components. The inertia is added to
// point by point, as the portable code does.
INLINED void give(
    const double *coordinates, size_t stride, const double *weights, size_t n,
    size_t count, __m256d least, __m256i component, size_t dimension,
    double *statistics, uint16_t *nearest, double *inertia) {
  const size_t width = row_width(dimension);
  double found[4];
  int64_t components[4];
  _mm256_storeu_pd(found, least);
  _mm256_storeu_si256((__m256i *)components, component);
  for (size_t lane = 0; lane < count; lane++) {
    const double weight = weights[n + lane];
    const double scatter = weight * found[lane];
    double *row = statistics + (size_t)components[lane] * width;
    row[row_weight] += weight;
    row[row_scatter] += scatter;
    for (size_t d = 0; d < dimension; d++)
      row[row_sums + d] += weight * coordinates[d * stride + n + lane];
    *inertia += scatter;
    if (nearest) nearest[n + lane] = (uint16_t)components[lane];
  }
}

// Gives up to four points to the nearest of candidates of which a filter has left
// few.
INLINED void assign_few(
    const double *coordinates, size_t stride, const double *weights, size_t n,
    size_t count, const int32_t *kept, const uint16_t *masks,
    size_t kept_count, unsigned group, const double *means, size_t lanes,
    size_t dimension, double *statistics, uint16_t *nearest, double *inertia) {
  __m256d least = _mm256_set1_pd(__builtin_inf());
  __m256i component = _mm256_setzero_si256();
  for (size_t i = 0; i < kept_count; i++) {
    if (!(masks[i] >> group & 15)) continue;
    const double *mean = means + (size_t)kept[i] * lanes;
    __m256d distance = _mm256_setzero_pd();
    for (size_t d = 0; d < dimension; d++) {
      const __m256d difference = _mm256_sub_pd(
          _mm256_loadu_pd(coordinates + d * stride + n),
          _mm256_broadcast_sd(mean + d));
      distance = _mm256_add_pd(distance, _mm256_mul_pd(difference, difference));
    }
    const __m256d closer = _mm256_cmp_pd(distance, least, _CMP_LT_OQ);
    least = _mm256_blendv_pd(least, distance, closer);
    component = _mm256_blendv_epi8(
        component, _mm256_set1_epi64x(kept[i]), _mm256_castpd_si256(closer));
  }
  give(
      coordinates, stride, weights, n, count, least, component, dimension,
      statistics, nearest, inertia);
}

AVX2 double qk_assign_filtered(
    const double *coordinates, size_t stride, const double *weights,
    size_t start, size_t end, const int32_t *candidates,
    size_t candidate_count, const double *means, size_t lanes,
    size_t dimension, double *statistics, uint16_t *nearest,
    const qk_wide_filter *filter, float *bounds, int32_t *kept,
    uint16_t *masks) {
  double inertia = 0;
  for (size_t n = start; n < end; n += qk_filtered_points) {
    const size_t count =
        end - n < qk_filtered_points ? end - n : qk_filtered_points;
    const size_t kept_count = qk_filter_wide(
        filter, coordinates, stride, n, count, candidates, candidate_count, 1,
        bounds, kept, masks);
    for (size_t group = 0; group < count; group += 4)
      assign_few(
          coordinates, stride, weights, n + group,
          count - group < 4 ? count - group : 4, kept, masks, kept_count,
          (unsigned)group, means, lanes, dimension, statistics, nearest,
          &inertia);
  }
  return inertia;
}

AVX2 double qk_assign_wide(
    const double *coordinates, size_t stride, const double *weights,
    size_t start, size_t end, const int32_t *candidates,
    size_t candidate_count, const double *means, size_t lanes,
    size_t dimension, double *statistics, uint16_t *nearest) {
  double tile[qk_most_wide * tile_points];
  double inertia = 0;
  for (size_t n = start; n < end; n += tile_points) {
    const size_t count = end - n < tile_points ? end - n : tile_points;
    // A vector of four may be read from each point on, and none behind.
    const size_t second = count > 4 ? n + 4 : n;
    for (size_t d = 0; d < dimension; d++) {
      const double *plane = coordinates + d * stride;
      _mm256_storeu_pd(tile + d * tile_points, _mm256_loadu_pd(plane + n));
      _mm256_storeu_pd(
          tile + d * tile_points + 4, _mm256_loadu_pd(plane + second));
    }
    __m256d least[2] = {
        _mm256_set1_pd(__builtin_inf()), _mm256_set1_pd(__builtin_inf())};
    __m256i component[2] = {_mm256_setzero_si256(), _mm256_setzero_si256()};
    for (size_t first = 0; first < candidate_count;
         first += tile_components) {
      const size_t some = candidate_count - first < tile_components
                              ? candidate_count - first
                              : tile_components;
      const double *rows[tile_components];
      for (size_t i = 0; i < some; i++)
        rows[i] = means + (size_t)candidates[first + i] * lanes;
      __m256d distances[tile_components][2];
      if (some == tile_components)
        tile_distances(
            tile, rows, dimension, least, tile_components, distances);
      else
        for (size_t i = 0; i < some; i++)
          tile_distances(tile, rows + i, dimension, least, 1, distances + i);
      for (size_t i = 0; i < some; i++) {
        for (size_t half = 0; half < 2; half++) {
          const __m256d closer =
              _mm256_cmp_pd(distances[i][half], least[half], _CMP_LT_OQ);
          least[half] =
              _mm256_blendv_pd(least[half], distances[i][half], closer);
          component[half] = _mm256_blendv_epi8(
              component[half], _mm256_set1_epi64x(candidates[first + i]),
              _mm256_castpd_si256(closer));
        }
      }
    }
    for (size_t half = 0; 4 * half < count; half++)
      give(
          coordinates, stride, weights, n + 4 * half,
          count - 4 * half < 4 ? count - 4 * half : 4, least[half],
          component[half], dimension, statistics, nearest, &inertia);
  }
  return inertia;
}

#else

double qk_assign_filtered(
    const double *coordinates, size_t stride, const double *weights,
    size_t start, size_t end, const int32_t *candidates,
    size_t candidate_count, const double *means, size_t lanes,
    size_t dimension, double *statistics, uint16_t *nearest,
    const qk_wide_filter *filter, float *bounds, int32_t *kept,
    uint16_t *masks) {
  // Never called: see qk_available.
  return 0;
}

double qk_assign_wide(
    const double *coordinates, size_t stride, const double *weights,
    size_t start, size_t end, const int32_t *candidates,
    size_t candidate_count, const double *means, size_t lanes,
    size_t dimension, double *statistics, uint16_t *nearest) {
  // Never called: see qk_available.
  return 0;
}

#endif
