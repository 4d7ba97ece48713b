#include "exr.h"

#include <OpenEXR/OpenEXRConfig.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "library.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;

// As arrays of pointers, for `qz_load`.
static union {
  qz_exr functions;
  void *addresses[sizeof(qz_exr) / sizeof(void *)];
} table;

static int is_loaded;
static char library[64];

static void name_library(void) {
  // "30.5.1" is the library's version, and 30 the one of its interface.
#ifdef __APPLE__
  snprintf(library, sizeof library, "libOpenEXRCore-%d_%d.%d.dylib",
#else
  snprintf(library, sizeof library, "libOpenEXRCore-%d_%d.so.%d",
#endif
           OPENEXR_VERSION_MAJOR, OPENEXR_VERSION_MINOR,
           atoi(OPENEXR_LIB_VERSION_STRING));
}

static void load(void) {
  name_library();
#ifdef __APPLE__
  // Homebrew's folders are not among those that the system searches.
  const char *const libraries[] = {library,
                                   "/opt/homebrew/lib/libOpenEXRCore.dylib",
                                   "/usr/local/lib/libOpenEXRCore.dylib", NULL};
#else
  const char *const libraries[] = {library, NULL};
#endif
#define QZ_EXR_NAME(name) #name,
  static const char *const names[] = {QZ_EXR_FUNCTIONS(QZ_EXR_NAME) NULL};
  if (!qz_load(libraries, names, table.addresses)) return;
  // Structures may differ in other versions.
  int major, minor, patch;
  const char *extra;
  table.functions.exr_get_library_version(&major, &minor, &patch, &extra);
  is_loaded =
      major == OPENEXR_VERSION_MAJOR && minor == OPENEXR_VERSION_MINOR;
}

const qz_exr *qz_exr_load(void) {
  pthread_once(&once, load);
  return is_loaded ? &table.functions : NULL;
}

const char *qz_exr_library(void) {
  pthread_once(&once, load);
  return library;
}
