#ifndef QUANTIZE_MESSAGE_H
#define QUANTIZE_MESSAGE_H

#include <stddef.h>

/** Keeps a message for this thread; of a long one the beginning. */
void qz_set_message(const char *text, size_t length);

/** The message of this thread, "" where there is none. */
const char *qz_message(void);

/** The version of the header. */
const char *qz_version(void);

#endif
