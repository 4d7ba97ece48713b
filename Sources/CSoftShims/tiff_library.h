// libtiff's functions, found in the library when it is loaded.
#pragma once

#include <tiffio.h>

// The functions that are used. Their types are those of the headers.
#define QZ_TIFF_FUNCTIONS(F) \
  F(TIFFClientOpen) \
  F(TIFFClose) \
  F(TIFFDataWidth) \
  F(TIFFDeferStrileArrayWriting) \
  F(TIFFFieldDataType) \
  F(TIFFFieldPassCount) \
  F(TIFFFieldReadCount) \
  F(TIFFFindField) \
  F(TIFFFlush) \
  F(TIFFForceStrileArrayWriting) \
  F(TIFFGetField) \
  F(TIFFGetFieldDefaulted) \
  F(TIFFIsCODECConfigured) \
  F(TIFFIsTiled) \
  F(TIFFMergeFieldInfo) \
  F(TIFFNumberOfStrips) \
  F(TIFFNumberOfTiles) \
  F(TIFFOpen) \
  F(TIFFReadDirectory) \
  F(TIFFReadEncodedStrip) \
  F(TIFFReadEncodedTile) \
  F(TIFFSetDirectory) \
  F(TIFFSetErrorHandler) \
  F(TIFFSetErrorHandlerExt) \
  F(TIFFSetField) \
  F(TIFFSetSubDirectory) \
  F(TIFFSetWarningHandler) \
  F(TIFFSetWarningHandlerExt) \
  F(TIFFStripSize64) \
  F(TIFFTileSize64) \
  F(TIFFWriteCheck) \
  F(TIFFWriteDirectory) \
  F(TIFFWriteEncodedStrip) \
  F(TIFFWriteScanline)

typedef union {
  struct {
#define QZ_TIFF_FIELD(name) __typeof__(&name) name;
    QZ_TIFF_FUNCTIONS(QZ_TIFF_FIELD)
#undef QZ_TIFF_FIELD
  };
#define QZ_TIFF_COUNT(name) +1
  void *addresses[QZ_TIFF_FUNCTIONS(QZ_TIFF_COUNT)];
#undef QZ_TIFF_COUNT
} qz_tiff_functions;

// There once qz_tiff_load has given 1.
extern qz_tiff_functions qz_tiff;

// What libtiff says on this thread goes to these from now on, 256 bytes each, the
// first of each kind; NULL drops it.
void qz_tiff_listen(char *error, char *warning);
