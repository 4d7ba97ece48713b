// OpenEXR and libtiff, which are loaded when an input or a soft output needs them.
// To link them would cost every run the time to load them and libtiff's codecs.
#pragma once

#include "exr.h"
#include "tiff_reader.h"
#include "tiff_writer.h"
