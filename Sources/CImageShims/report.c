#include "report.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void keep(char *destination, const char *text) {
  size_t length = strlen(text);
  if (length > QZ_MESSAGE_BYTES - 1) length = QZ_MESSAGE_BYTES - 1;
  memcpy(destination, text, length);
  destination[length] = 0;
}

enum qz_status qz_fail(qz_report *report, enum qz_status status,
                       const char *text) {
  report->status = status;
  keep(report->message, text);
  return status;
}

_Noreturn void qz_throw(qz_report *report, enum qz_status status,
                        const char *text) {
  qz_fail(report, status, text);
  longjmp(report->wall, 1);
}

void qz_warn(qz_report *report, const char *text) {
  if (report->warning_count++ == 0) keep(report->first_warning, text);
}

FILE *qz_open_file(int descriptor) {
  int own = dup(descriptor);
  if (own < 0) return NULL;
  FILE *file = fdopen(own, "rb");
  if (file == NULL) {
    close(own);
    return NULL;
  }
  if (fseek(file, 0, SEEK_SET) != 0) {
    fclose(file);
    return NULL;
  }
  return file;
}

int qz_sink_append(qz_sink *sink, const uint8_t *bytes, size_t count) {
  if (count > sink->capacity - sink->count) {
    if (count > SIZE_MAX / 2 - sink->count) return 0;
    size_t needed = sink->count + count;
    size_t capacity = sink->capacity < 65536 ? 65536 : sink->capacity;
    while (capacity < needed) capacity *= 2;
    uint8_t *grown = realloc(sink->bytes, capacity);
    if (grown == NULL) return 0;
    sink->bytes = grown;
    sink->capacity = capacity;
  }
  if (count > 0) memcpy(sink->bytes + sink->count, bytes, count);
  sink->count += count;
  return 1;
}

int qz_can_allocate(size_t bytes) {
  // volatile, or the compiler may drop the pair of calls.
  void *volatile block = malloc(bytes);
  int possible = block != NULL;
  free(block);
  return possible;
}
