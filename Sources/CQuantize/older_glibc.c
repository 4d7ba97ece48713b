#include <math.h>

#if defined(__GLIBC__)
// Swift's overlay of glibc refers to it, and nothing calls it. That of glibc has
// the version 2.35; without it the library runs where glibc is 2.34.
__attribute__((visibility("hidden"))) float hypotf(float x, float y) {
  return (float)sqrt((double)x * x + (double)y * y);
}
#endif
