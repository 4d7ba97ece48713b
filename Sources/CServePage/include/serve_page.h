#ifndef SERVE_PAGE_H
#define SERVE_PAGE_H

#include <stddef.h>

/// A file of the page of `quantize serve`.
struct qz_page_file {
  /// The path that it is served under, without the first slash.
  const char *path;
  const unsigned char *bytes;
  size_t count;
};

/// The files.
const struct qz_page_file *qz_page_files_start(void);

/// How many there are.
extern const size_t qz_page_file_count;

#endif
