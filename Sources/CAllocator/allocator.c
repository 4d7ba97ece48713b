#include "CAllocator.h"

#include <stdlib.h>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

void qz_keep_freed_memory(void) {
#if defined(__GLIBC__)
  // The largest threshold that the library accepts: larger blocks, those of
  // large images, still go back to the system at once.
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 256 << 20);
  mallopt(M_TOP_PAD, 16 << 20);
#endif
}
