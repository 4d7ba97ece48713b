// OpenEXR, libtiff, libwebp and giflib, which are loaded when an input or an output
// needs them. To link them would cost every run the time to load them.
#pragma once

#include "exr.h"
#include "gif_reader.h"
#include "tiff_reader.h"
#include "tiff_writer.h"
#include "webp_reader.h"
