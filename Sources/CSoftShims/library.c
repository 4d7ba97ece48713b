#include "library.h"

#include <dlfcn.h>
#include <stddef.h>

int qz_load(const char *const *libraries, const char *const *names,
            void **functions) {
  void *library = NULL;
  for (; library == NULL && *libraries != NULL; libraries++)
    library = dlopen(*libraries, RTLD_LAZY | RTLD_LOCAL);
  if (library == NULL) return 0;
  for (size_t i = 0; names[i] != NULL; i++) {
    functions[i] = dlsym(library, names[i]);
    if (functions[i] == NULL) return 0;
  }
  return 1;
}
