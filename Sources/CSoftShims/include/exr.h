// OpenEXR's C functions, found in the library when it is loaded.
#pragma once

#include <OpenEXR/openexr.h>

// Those that are used. Their types are those of the library's headers.
#define QZ_EXR_FUNCTIONS(F)             \
  F(exr_get_library_version)            \
  F(exr_get_default_error_message)      \
  F(exr_start_write)                    \
  F(exr_add_part)                       \
  F(exr_initialize_required_attr_simple) \
  F(exr_add_channel)                    \
  F(exr_attr_set_string)                \
  F(exr_attr_set_chromaticities)        \
  F(exr_write_header)                   \
  F(exr_write_scanline_chunk_info)      \
  F(exr_encoding_initialize)            \
  F(exr_encoding_choose_default_routines) \
  F(exr_encoding_run)                   \
  F(exr_encoding_destroy)               \
  F(exr_finish)

typedef struct {
#define QZ_EXR_FIELD(name) __typeof__(&name) _Nonnull name;
  QZ_EXR_FUNCTIONS(QZ_EXR_FIELD)
#undef QZ_EXR_FIELD
} qz_exr;

// The functions; `NULL` where the library is missing, or is not of the version
// that the headers are of. The first call loads it; threads may call at once.
const qz_exr *_Nullable qz_exr_load(void);

// The file name of the library, for messages.
const char *_Nonnull qz_exr_library(void);
