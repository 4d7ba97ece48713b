#include "CKernels.h"

#if defined(__x86_64__)

#include "vector_math.h"

// The bits of the byte at `place` of each pixel, each moved to three times its
// place.
INLINED __m256i spread(__m256i pixels, const int place) {
  // The byte twice: shifted by 8, and as it is.
  const int none = -1;
#define LANE(N)                                                              \
  (char)(3 * N + place), (char)(3 * N + place), (char)none, (char)none
  const __m256i twice = _mm256_setr_epi8(
      LANE(0), LANE(1), LANE(2), LANE(3), LANE(0), LANE(1), LANE(2), LANE(3));
#undef LANE
  __m256i bits = _mm256_and_si256(
      _mm256_shuffle_epi8(pixels, twice), _mm256_set1_epi32(0x00f00f));
  bits = _mm256_and_si256(
      _mm256_or_si256(bits, _mm256_slli_epi32(bits, 4)),
      _mm256_set1_epi32(0x0c30c3));
  return _mm256_and_si256(
      _mm256_or_si256(bits, _mm256_slli_epi32(bits, 2)),
      _mm256_set1_epi32(0x249249));
}

AVX2 void qk_morton_codes(
    const uint8_t *samples, size_t count, uint32_t *codes) {
  for (size_t n = 0; n < count; n += 8) {
    const uint8_t *first = samples + 3 * n;
    const __m256i pixels = _mm256_inserti128_si256(
        _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)first)),
        _mm_loadu_si128((const __m128i *)(first + 12)), 1);
    const __m256i red = _mm256_slli_epi32(spread(pixels, 0), 2);
    const __m256i green = _mm256_slli_epi32(spread(pixels, 1), 1);
    _mm256_storeu_si256(
        (__m256i *)(codes + n),
        _mm256_or_si256(_mm256_or_si256(red, green), spread(pixels, 2)));
  }
}

#else

void qk_morton_codes(const uint8_t *samples, size_t count, uint32_t *codes) {
  // Never called: see qk_available.
}

#endif
