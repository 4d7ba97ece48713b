#include "CKernels.h"

#include "nearest_entry.h"

// Products and sums stay apart, so that all machines get the same bits.
#pragma STDC FP_CONTRACT OFF

// Two pixels.
typedef float pair __attribute__((vector_size(32), aligned(16)));

QK_INLINED void blur_row(
    const float *image, size_t width, const float *weights, float *result) {
  for (size_t i = 0; i < 4 * width; i++) {
    float sum = 0;
    for (size_t d = 0; d < qk_blur_width; d++)
      sum += image[i + 4 * d] * weights[d];
    result[i] = sum;
  }
}

QK_INLINED void blur_column(
    const float *const *rows, size_t width, const float *weights,
    const float *image, float share, float *restrict result) {
  const float *r0 = rows[0], *r1 = rows[1], *r2 = rows[2], *r3 = rows[3];
  const float *r4 = rows[4], *r5 = rows[5], *r6 = rows[6], *r7 = rows[7];
  const float *r8 = rows[8];
  for (size_t i = 0; i < 4 * width; i++) {
    float sum = r0[i] * weights[0];
    sum += r1[i] * weights[1];
    sum += r2[i] * weights[2];
    sum += r3[i] * weights[3];
    sum += r4[i] * weights[4];
    sum += r5[i] * weights[5];
    sum += r6[i] * weights[6];
    sum += r7[i] * weights[7];
    sum += r8[i] * weights[8];
    result[i] = sum + image[i] * share;
  }
}

QK_INLINED size_t exchange_row(
    float *seen, size_t stride, size_t width, const qk_entries *all,
    const uint8_t *classes, const float *weights, float scale, float share,
    uint16_t *indices) {
  const qk_entries entries = *all;
  const qk_floats *points = (const qk_floats *)entries.points;
  // The weights of two neighbours.
  pair near[qk_blur_width / 2];
  for (size_t i = 0; i < qk_blur_width / 2; i++) {
    const float a = weights[2 * i], b = weights[2 * i + 1];
    near[i] = (pair){a, a, a, a, b, b, b, b};
  }
  size_t changes = 0;
  for (size_t x = 0; x < width; x++) {
    const uint8_t class = classes[x];
    if (class >= qk_class_transparent) continue;
    const uint16_t old = indices[x];
    qk_floats *place = (qk_floats *)(seen + 4 * x);
    const qk_floats wanted = points[old] + *place * scale;
    const int32_t new = qk_nearest_entry(&entries, &wanted, old, class);
    if (new == old) continue;
    changes++;
    indices[x] = (uint16_t)new;
    const qk_floats change = points[new] - points[old];
    float *line = (float *)place - qk_blur_radius * stride - 4 * qk_blur_radius;
    for (size_t y = 0; y < qk_blur_width; y++) {
      const qk_floats part = change * weights[y];
      const pair both =
          __builtin_shufflevector(part, part, 0, 1, 2, 3, 0, 1, 2, 3);
      pair *target = (pair *)line;
      for (size_t i = 0; i < qk_blur_width / 2; i++)
        target[i] -= both * near[i];
      qk_floats *last = (qk_floats *)(target + qk_blur_width / 2);
      *last -= part * weights[qk_blur_width - 1];
      line += stride;
    }
    *place -= change * share;
  }
  return changes;
}

#if defined(__x86_64__)
#define AVX2 __attribute__((target("avx2")))

AVX2 static void blur_row_avx2(
    const float *image, size_t width, const float *weights, float *result) {
  blur_row(image, width, weights, result);
}

AVX2 static void blur_column_avx2(
    const float *const *rows, size_t width, const float *weights,
    const float *image, float share, float *result) {
  blur_column(rows, width, weights, image, share, result);
}

AVX2 static size_t exchange_row_avx2(
    float *seen, size_t stride, size_t width, const qk_entries *entries,
    const uint8_t *classes, const float *weights, float scale, float share,
    uint16_t *indices) {
  return exchange_row(
      seen, stride, width, entries, classes, weights, scale, share, indices);
}

#define DISPATCH(CALL) if (qk_available()) return CALL
#else
#define DISPATCH(CALL)
#endif

void qk_blur_row(
    const float *image, size_t width, const float *weights, float *result) {
  DISPATCH(blur_row_avx2(image, width, weights, result));
  blur_row(image, width, weights, result);
}

void qk_blur_column(
    const float *const *rows, size_t width, const float *weights,
    const float *image, float share, float *result) {
  DISPATCH(blur_column_avx2(rows, width, weights, image, share, result));
  blur_column(rows, width, weights, image, share, result);
}

size_t qk_exchange_row(
    float *seen, size_t stride, size_t width, const qk_entries *entries,
    const uint8_t *classes, const float *weights, float scale, float share,
    uint16_t *indices) {
  DISPATCH(exchange_row_avx2(
      seen, stride, width, entries, classes, weights, scale, share, indices));
  return exchange_row(
      seen, stride, width, entries, classes, weights, scale, share, indices);
}
