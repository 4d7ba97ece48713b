#include "tiff_library.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>

#include "library.h"
#include "tiff_writer.h"

qz_tiff_functions qz_tiff;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int is_loaded;

static _Thread_local char *error_text;
static _Thread_local char *warning_text;

enum { text_bytes = 256 };

// The first message of a kind stays.
static void keep(char *text, const char *format, va_list arguments) {
  if (text != NULL && text[0] == 0)
    vsnprintf(text, text_bytes, format, arguments);
}

static void hear_error(
    thandle_t file, const char *module, const char *format,
    va_list arguments) {
  keep(error_text, format, arguments);
}

static void hear_warning(
    thandle_t file, const char *module, const char *format,
    va_list arguments) {
  keep(warning_text, format, arguments);
}

void qz_tiff_listen(char *error, char *warning) {
  error_text = error;
  warning_text = warning;
  if (error != NULL) error[0] = 0;
}

// What is used of the library is the same in versions 5 and 6 of its interface.
static const char *const libraries[] = {
#ifdef __APPLE__
    "libtiff.6.dylib", "/opt/homebrew/lib/libtiff.dylib",
    "/usr/local/lib/libtiff.dylib",
#else
    "libtiff.so.6", "libtiff.so.5",
#endif
    NULL};

static void load(void) {
#define QZ_TIFF_NAME(name) #name,
  static const char *const names[] = {QZ_TIFF_FUNCTIONS(QZ_TIFF_NAME) NULL};
#undef QZ_TIFF_NAME
  is_loaded = qz_load(libraries, names, qz_tiff.addresses);
  if (!is_loaded) return;
  // What goes wrong is told by the caller, on one line.
  qz_tiff.TIFFSetErrorHandler(NULL);
  qz_tiff.TIFFSetWarningHandler(NULL);
  qz_tiff.TIFFSetErrorHandlerExt(hear_error);
  qz_tiff.TIFFSetWarningHandlerExt(hear_warning);
}

int qz_tiff_load(void) {
  pthread_once(&once, load);
  return is_loaded;
}

const char *qz_tiff_library(void) { return libraries[0]; }
