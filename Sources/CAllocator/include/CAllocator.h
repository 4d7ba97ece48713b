#pragma once

/// Makes the C library's allocator keep freed memory for the next allocation,
/// and take it in large pages where the system has them: fetching a photo's
/// memory in pages of 4 kB took a fifth of the whole command. To be called
/// once, before other threads are started; does nothing where the C library
/// offers no such choice.
void qz_prepare_heap(void);
