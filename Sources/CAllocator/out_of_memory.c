#include "CAllocator.h"

#include <stdatomic.h>
#include <stdlib.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
#define QZ_SANITIZED 1
#endif
#endif

#if defined(__GLIBC__) && !defined(QZ_SANITIZED)
#include <errno.h>
#include <pthread.h>
#include <unistd.h>

/// What the callback may use.
static const size_t reserve_size = 256 << 10;

static _Atomic(qz_out_of_memory) handler;
static void *_Atomic reserve;
static _Atomic(pthread_t) failing;
static atomic_flag has_failed = ATOMIC_FLAG_INIT;

/// Does not return once there is a handler.
static void fail(size_t size) {
  qz_out_of_memory handle = handler;
  if (handle == NULL) return;
  if (atomic_flag_test_and_set(&has_failed)) {
    // The handler itself had too little, or another thread ends the process.
    if (pthread_equal(failing, pthread_self())) {
      static const char line[] =
          "quantize: error: out of memory; raise the limit (ulimit -v)\n";
      if (write(STDERR_FILENO, line, sizeof line - 1) < 0) errno = 0;
      _exit(QZ_OUT_OF_MEMORY);
    }
    for (;;) pause();
  }
  failing = pthread_self();
  free(reserve);
  handle(size);
  _exit(QZ_OUT_OF_MEMORY);
}

// The program's own functions stand before those of the C library for all
// libraries that it is linked with; the work is still the C library's.
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size) {
  void *block = __libc_malloc(size);
  if (block == NULL) fail(size);
  return block;
}

void *calloc(size_t count, size_t size) {
  void *block = __libc_calloc(count, size);
  if (block == NULL) fail(count * size);
  return block;
}

void *realloc(void *block, size_t size) {
  void *moved = __libc_realloc(block, size);
  if (moved == NULL && size > 0) fail(size);
  return moved;
}

void *memalign(size_t alignment, size_t size) {
  void *block = __libc_memalign(alignment, size);
  if (block == NULL) fail(size);
  return block;
}

void *aligned_alloc(size_t alignment, size_t size) {
  return memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
  if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0 ||
      alignment == 0)
    return EINVAL;
  void *found = memalign(alignment, size);
  if (found == NULL) return ENOMEM;
  *block = found;
  return 0;
}

void qz_on_out_of_memory(qz_out_of_memory handle) {
  reserve = __libc_malloc(reserve_size);
  handler = handle;
}

#else

void qz_on_out_of_memory(qz_out_of_memory handle) { (void)handle; }

#endif
