// Settings of the C library's allocator, which Swift's Glibc module lacks.
#pragma once

// Tells the allocator to keep what is freed for what is asked for next. Does
// nothing where the C library is not glibc.
void qz_keep_freed_memory(void);
