#include "quantize_message.h"

#include "quantize.h"

#include <string.h>

// Swift has no variables of a thread that C could be given a pointer to.
static _Thread_local char message[1024];

void qz_set_message(const char *text, size_t length) {
  if (length >= sizeof message) {
    length = sizeof message - 1;
    // Not in the middle of a character of UTF-8.
    while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80) length--;
  }
  memcpy(message, text, length);
  message[length] = '\0';
}

const char *qz_message(void) { return message; }
const char *qz_version(void) { return QUANTIZE_VERSION; }
