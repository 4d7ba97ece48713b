// What every handle has in common: where to jump, and what to tell.
#pragma once

#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "CImageShims.h"

enum { QZ_MESSAGE_BYTES = 200 };

typedef struct {
  jmp_buf wall;
  enum qz_status status;
  // Whether an allocation failed; libpng reports that only as text.
  int starved;
  char message[QZ_MESSAGE_BYTES];
  char first_warning[QZ_MESSAGE_BYTES];
  size_t warning_count;
} qz_report;

// Keeps `text` as the message, cut to fit, and gives back `status`.
enum qz_status qz_fail(qz_report *report, enum qz_status status,
                       const char *text);

// The same, then jumps to the wall.
_Noreturn void qz_throw(qz_report *report, enum qz_status status,
                        const char *text);

void qz_warn(qz_report *report, const char *text);

// A file to read from its start, of a duplicate of the descriptor; NULL when
// that fails.
FILE *qz_open_file(int descriptor);

// Bytes that were written and not yet taken.
typedef struct {
  uint8_t *bytes;
  size_t count;
  size_t capacity;
} qz_sink;

// Whether there was memory for it.
int qz_sink_append(qz_sink *sink, const uint8_t *bytes, size_t count);
