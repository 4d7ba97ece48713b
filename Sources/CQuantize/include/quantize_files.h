/**
 * libquantize-files: libquantize, and the files of images and palettes that the
 * command `quantize` reads and writes. What it reads has the same pixels, and
 * what it writes the same bytes.
 *
 * It needs libpng, libjpeg, libdeflate, zlib and Little CMS. Programs that read
 * files themselves use libquantize, which needs none of them.
 *
 * Statuses, ownership and threads are those of quantize.h. Text is UTF-8.
 */
#ifndef QUANTIZE_FILES_H
#define QUANTIZE_FILES_H

#include "quantize.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Bytes --------------------------------------------------------------- */

/** The bytes of a file. They never change. */
typedef struct quantize_bytes quantize_bytes;

/** The first byte; valid until the object is released. */
const void *quantize_bytes_start(const quantize_bytes *bytes);

/** How many there are. */
size_t quantize_bytes_size(const quantize_bytes *bytes);

void quantize_bytes_free(quantize_bytes *bytes);

/* ---- Reading images ------------------------------------------------------ */

/** An image that was read from a file, with what the file says of it. It never
 * changes. */
typedef struct quantize_picture quantize_picture;

/**
 * Reads a PNG, JPEG, TIFF, WebP, GIF or BMP.
 *
 * Pixels come the right way up, in 8 bits a sample or, of PNGs with more than 8,
 * in 16. Colours are converted to `space`. A damaged file is refused with
 * QUANTIZE_INVALID_DATA.
 *
 * @param bytes       The whole file.
 * @param space       "srgb", "p3" (Display P3), or "input" for that of the file;
 *                    NULL is "srgb".
 * @param page        The page of a TIFF, from 1; 0 is the first, with a warning if
 *                    there are more.
 * @param most_pixels The greatest width × height, looked at before memory is
 *                    taken; 0 is 2,000,000,000.
 * @param keep_going  Whether of a damaged file the rows before the damage are
 *                    given, with a warning.
 * @param threads     The most threads, at least 1; 0 is one for each processor.
 *
 * Complexity: O(pixels + size).
 */
quantize_status quantize_picture_read(
    const void *bytes, size_t size, const char *space, size_t page,
    uint64_t most_pixels, bool keep_going, size_t threads, quantize_picture **out);

void quantize_picture_free(quantize_picture *picture);

/** The pixels. Complexity: O(1). */
quantize_status quantize_picture_image(
    const quantize_picture *picture, quantize_image **out);

/** The format of the file, "png" or "jpeg". */
const char *quantize_picture_format(const quantize_picture *picture);

/** The space of the pixels: "srgb", "p3" or "input". */
const char *quantize_picture_space(const quantize_picture *picture);

/** How many frames of an animation were passed over. */
size_t quantize_picture_omitted_frames(const quantize_picture *picture);

/** What else was passed over, a line each; NULL from the last on. */
const char *quantize_picture_warning(
    const quantize_picture *picture, size_t number);

/* ---- Writing images ------------------------------------------------------ */

/** How to write an image. */
typedef struct quantize_encoding quantize_encoding;

/** A PNG as the command writes it without any option. */
quantize_status quantize_encoding_create(quantize_encoding **out);
void quantize_encoding_free(quantize_encoding *encoding);

/** The format, "png" or "jpeg". */
quantize_status quantize_encoding_set_format(
    quantize_encoding *encoding, const char *format);

/** The level of a PNG's compression, 0 (none) to 9 (most); a negative number
 * leaves it to the effort. */
quantize_status quantize_encoding_set_compression(
    quantize_encoding *encoding, int level);

/** Whether to search for the smallest file; it takes about ten times as long. */
quantize_status quantize_encoding_set_optimize(
    quantize_encoding *encoding, bool optimize);

/** The quality of a JPEG, 1 to 100; 90 unless it is set. */
quantize_status quantize_encoding_set_jpeg_quality(
    quantize_encoding *encoding, int quality);

/** What of the file that was read is written again beside the pixels:
 * "appearance" (the mark of sRGB and the density), "all", or "none". A profile
 * always is. */
quantize_status quantize_encoding_set_metadata(
    quantize_encoding *encoding, const char *metadata);

/**
 * Writes a result as a file.
 *
 * @param source   The file that it was made of, for its profile and density; NULL
 *                 where there was none.
 * @param encoding NULL is the default.
 * @param options  For their effort and threads; NULL is the default.
 *
 * A JPEG of translucent pixels is QUANTIZE_NOT_POSSIBLE.
 *
 * Complexity: O(pixels).
 */
quantize_status quantize_result_encode(
    const quantize_result *result, const quantize_picture *source,
    const quantize_encoding *encoding, const quantize_options *options,
    quantize_bytes **out);

/** Writes an image as a file, as `quantize_result_encode` writes a result. */
quantize_status quantize_image_encode(
    const quantize_image *image, const quantize_picture *source,
    const quantize_encoding *encoding, const quantize_options *options,
    quantize_bytes **out);

/* ---- Palette files ------------------------------------------------------- */

/** The colours of a palette file, with their names. They never change. */
typedef struct quantize_swatches quantize_swatches;

/**
 * Reads a palette file of any kind that docs/palettes.md has, or the distinct
 * colours of an image.
 *
 * @param name The name of the file, whose ending tells what content cannot; NULL
 *             where there is none.
 */
quantize_status quantize_swatches_read(
    const void *bytes, size_t size, const char *name,
    quantize_swatches **out);

/**
 * Makes swatches of colours.
 *
 * @param rgba  `count` × 4 samples, alpha not premultiplied.
 * @param count At least 1.
 * @param names `count` names, each of which may be NULL; NULL where there are
 *              none.
 */
quantize_status quantize_swatches_create(
    const uint8_t *rgba, size_t count, const char *const *names,
    quantize_swatches **out);

void quantize_swatches_free(quantize_swatches *swatches);

/** How many colours there are. */
size_t quantize_swatches_count(const quantize_swatches *swatches);

/** The colours, in the order of the file: count × 4 samples. */
quantize_status quantize_swatches_get(
    const quantize_swatches *swatches, uint8_t *rgba);

/** The name of a colour; NULL of one without. Valid until the object is
 * released. */
const char *quantize_swatches_name(
    const quantize_swatches *swatches, size_t number);

/**
 * Writes a palette file. Translucent colours become opaque where the format has
 * no alpha; fully transparent ones are left out there.
 *
 * @param format An ending: "gpl", "act", "ase", "pal", "hex", "txt", "css",
 *               "scss", "json" or "png".
 * @param title  The palette's name, for formats that have one; NULL is
 *               "quantize".
 */
quantize_status quantize_swatches_write(
    const quantize_swatches *swatches, const char *format, const char *title,
    quantize_bytes **out);

#ifdef __cplusplus
}
#endif

#endif
