#include "CAllocator.h"

#include <stdint.h>
#include <stdlib.h>

#if defined(__GLIBC__)
#include <malloc.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

/// Address space, not memory: pages count once they are written.
static const int reserve = 512 << 20;

/// Less than this between blocks is not worth a call of the system.
static const size_t least_released = 4 << 20;

/// Extends the heap once, by `reserve` bytes, and asks for large pages there.
/// Where the system refuses either, allocation goes on as usual.
static void reserve_large_pages(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur != RLIM_INFINITY ||
      getrlimit(RLIMIT_DATA, &limit) != 0 || limit.rlim_cur != RLIM_INFINITY)
    return;
  const uintptr_t page = 2 << 20;
  mallopt(M_TOP_PAD, reserve);
  void *block = malloc(1 << 20);
  free(block);
  if (block == NULL) return;
  uintptr_t start = ((uintptr_t)block + page - 1) & ~(page - 1);
  uintptr_t end = (uintptr_t)sbrk(0) & ~(page - 1);
  if (end > start && end - start <= (uintptr_t)reserve + page)
    madvise((void *)start, end - start, MADV_HUGEPAGE);
}
#endif

void qz_prepare_heap(void) {
#if defined(__GLIBC__)
  // Large blocks come from the heap as well and stay in it.
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  reserve_large_pages();
  mallopt(M_TOP_PAD, 16 << 20);
#endif
}

void qz_release_free_memory(void) {
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
  const struct mallinfo2 heap = mallinfo2();
  if (heap.fordblks < heap.keepcost + least_released) return;
  // But for what no block has ever been behind.
  malloc_trim(1 << 30);
#endif
}
