#pragma once

#include <stddef.h>

/// Makes the C library's allocator keep freed memory for the next allocation,
/// and take it in large pages where the system has them: fetching a photo's
/// memory in pages of 4 kB took a fifth of the whole command. To be called
/// once, before other threads are started; does nothing where the C library
/// offers no such choice.
void qz_prepare_heap(void);

/// Gives memory between blocks back to the system, where there is much of it: when
/// a stage has ended whose blocks do not fit those of the next. Does nothing where
/// the C library offers no such choice.
void qz_release_free_memory(void);

/// The exit status of a process that there was no memory for: EX_OSERR.
#define QZ_OUT_OF_MEMORY 71

/// Called with the bytes that were not to be had.
typedef void (*qz_out_of_memory)(size_t size);

/// Has a function called, on any thread, when the system refuses memory to
/// anybody in this process; afterwards the process ends. Swift's runtime and
/// most libraries would end it without a word to the user. To be called once;
/// does nothing where the C library is not GNU's.
void qz_on_out_of_memory(qz_out_of_memory handle);
