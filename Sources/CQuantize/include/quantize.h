/**
 * libquantize: palettes, soft segmentation and truncated EM for Gaussian
 * mixtures (J. Luecke and D. Forster 2019, arXiv 1704.04812).
 *
 * Status. Every function that can fail returns a `quantize_status`; what it made
 * is in its last parameter, which is left alone on failure.
 * `quantize_last_message` then says in one line what is wrong.
 *
 * Ownership. A pointer named `out` receives an object that belongs to the
 * caller: release it with the function of its type whose name ends in `_free`.
 * All `_free` functions take NULL. Objects copy what they are made of: the
 * caller's memory is read only during the call. Functions that fill arrays
 * write to memory of the caller, who learns its size from the functions named
 * beside them.
 *
 * Threads. Different threads may use different objects at the same time, and
 * also the same object, unless one of them changes it (`quantize_options_set_…`,
 * `quantize_histogram_add_…`) or releases it. The library starts threads of its
 * own and keeps them; a process may fork while it is not at work.
 *
 * Results do not depend on the number of threads, and with the same options are
 * those of the command `quantize`, bit for bit.
 *
 * Memory. Arguments are checked before memory is taken. If the system then has
 * none, the process ends, as in most programs.
 */
#ifndef QUANTIZE_H
#define QUANTIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How a call went. */
typedef enum quantize_status {
  /** All is well. */
  QUANTIZE_OK = 0,

  /** An argument is NULL, out of its range, or does not fit the others. */
  QUANTIZE_INVALID_ARGUMENT = 1,

  /** What was asked for is not possible with this image or these points. */
  QUANTIZE_NOT_POSSIBLE = 2,

  /** Bytes are not what they should be: damaged, or of a later version. */
  QUANTIZE_INVALID_DATA = 3,

  /** A progress function returned false. */
  QUANTIZE_CANCELLED = 4
} quantize_status;

/** The version of this header, by semver.org. */
#define QUANTIZE_VERSION "0.1.0"

/** The version of the library that is loaded. */
const char *quantize_version(void);

/**
 * What was wrong when a function last failed on this thread, in one line of
 * UTF-8 without a full stop; "" if none has. Valid until the next failure on
 * this thread.
 */
const char *quantize_last_message(void);

/**
 * Receives how far a call is, on the thread of the call: `stage` is
 * "histogram", "fit" or "map", and `fraction`, 0 to 1, the share of that stage
 * which is done. It is also called where nothing is new, some times a second.
 * Returns whether to go on: after false the call ends soon, and returns
 * QUANTIZE_CANCELLED.
 */
typedef bool (*quantize_progress)(
    const char *stage, double fraction, void *context);

/* ---- Images -------------------------------------------------------------- */

/** An image in memory. It never changes. */
typedef struct quantize_image quantize_image;

/** The samples of a pixel, in this order. Alpha is not premultiplied. */
typedef enum quantize_channels {
  QUANTIZE_GREY = 1,
  QUANTIZE_GREY_ALPHA = 2,
  QUANTIZE_RGB = 3,
  QUANTIZE_RGBA = 4
} quantize_channels;

/** The type of a sample. All are encoded with the transfer function of sRGB. */
typedef enum quantize_depth {
  /** `uint8_t`, 0 to 255. */
  QUANTIZE_UINT8 = 8,

  /** `uint16_t` in the order of the machine, 0 to 65,535. */
  QUANTIZE_UINT16 = 16,

  /**
   * `float`, 0 to 1; values outside are clipped, and all are rounded to
   * 16 bits. NaN is refused.
   */
  QUANTIZE_FLOAT32 = 32
} quantize_depth;

/**
 * Copies an image.
 *
 * @param pixels   The first sample of the first row; need not be aligned.
 * @param width    Pixels of a row, at least 1.
 * @param height   Rows, at least 1.
 * @param stride   Bytes from one row to the next; 0 where rows follow each other
 *                 without gaps, negative where they run from the bottom to the
 *                 top. Otherwise at least the bytes of a row.
 * @param channels The samples of a pixel.
 * @param depth    Their type.
 *
 * Complexity: O(pixels).
 */
quantize_status quantize_image_create(
    const void *pixels, size_t width, size_t height, ptrdiff_t stride,
    quantize_channels channels, quantize_depth depth, quantize_image **out);

void quantize_image_free(quantize_image *image);

/**
 * The form of an image, as the library has it: RGB or RGBA, of 8 or 16 bits. Each
 * pointer may be NULL.
 */
quantize_status quantize_image_form(
    const quantize_image *image, size_t *width, size_t *height,
    quantize_channels *channels, quantize_depth *depth);

/**
 * Writes the samples of an image, row by row without gaps, in the form that
 * `quantize_image_form` tells.
 *
 * @param samples width × height × channels samples of the caller's.
 */
quantize_status quantize_image_samples(
    const quantize_image *image, void *samples);

/* ---- Options ------------------------------------------------------------- */

/** How to fit and map. */
typedef struct quantize_options quantize_options;

/** Where colours are clustered and compared. */
typedef enum quantize_space {
  QUANTIZE_SRGB = 0,
  QUANTIZE_LINEAR = 1,
  QUANTIZE_OKLAB = 2,
  QUANTIZE_LAB = 3
} quantize_space;

/**
 * Options with the defaults of the command: 256 colours, C' = 1, effort 5, sRGB,
 * no dithering, seed 0, and a thread for each processor.
 */
quantize_status quantize_options_create(quantize_options **out);
void quantize_options_free(quantize_options *options);

/** k, the number of colours or components, 1 to 65,536. */
quantize_status quantize_options_set_colors(
    quantize_options *options, size_t colors);

/** C', for how many components a point's responsibilities are kept, at least 1;
 * more than k stands for k. 1 is k-means, k is full EM. */
quantize_status quantize_options_set_cprime(
    quantize_options *options, size_t cprime);

/** The seed of the search. */
quantize_status quantize_options_set_seed(
    quantize_options *options, uint64_t seed);

/** How hard to search, 1 (fastest) to 10 (best). The number of iterations and
 * the tolerance follow unless they are set, and so do the rounds of fitting a
 * palette to its dithering. */
quantize_status quantize_options_set_effort(
    quantize_options *options, int effort);

/** The most threads, at least 1; 0 is one for each processor. */
quantize_status quantize_options_set_threads(
    quantize_options *options, size_t threads);

/** The most iterations of EM; a negative number leaves them to the effort. */
quantize_status quantize_options_set_iterations(
    quantize_options *options, long iterations);

/** The relative change of F (of J with C' = 1) at which EM has converged; a
 * negative number leaves it to the effort, and 0 never converges. */
quantize_status quantize_options_set_tolerance(
    quantize_options *options, double tolerance);

/** The working space of colours. */
quantize_status quantize_options_set_space(
    quantize_options *options, quantize_space space);

/** Whether components have mixing weights that are learned, or 1/C each. */
quantize_status quantize_options_set_learned_weights(
    quantize_options *options, bool learned);

/** Whether each component has a variance of its own, or all have one. */
quantize_status quantize_options_set_separate_variances(
    quantize_options *options, bool separate);

/** The least variance of a component, greater than 0, in units of the space
 * squared: for `quantize_points_fit` alone, with separate variances. 0 leaves it
 * to the points. */
quantize_status quantize_options_set_least_variance(
    quantize_options *options, double variance);

/** The power of its number of pixels by which a colour counts, 0 to 1. */
quantize_status quantize_options_set_balance(
    quantize_options *options, double balance);

/** The fewest pixels of a region of one colour, 1 or more: smaller ones get the
 * colour of a neighbour. Not with dithering. 1 leaves all as they are. */
quantize_status quantize_options_set_min_region(
    quantize_options *options, int32_t pixels);

/** Whether smooth areas count more than texture. */
quantize_status quantize_options_set_importance(
    quantize_options *options, bool automatic);

/** Lets each pixel count by the brightness of a map, an image of the same size;
 * black counts nearly nothing. NULL takes the map back. */
quantize_status quantize_options_set_importance_map(
    quantize_options *options, const quantize_image *map);

/** Uses the fewest colours, at most k, that reach `most`, on pngquant's scale
 * from 0 to 100. A fit fails with QUANTIZE_NOT_POSSIBLE where k colours do not
 * reach `least`. */
quantize_status quantize_options_set_quality(
    quantize_options *options, int least, int most);

/** Whether a palette has only colours that occur in the image. */
quantize_status quantize_options_set_from_image(
    quantize_options *options, bool from_image);

/** The low bits of palette samples that are dropped, 0 to 4. */
quantize_status quantize_options_set_posterize(
    quantize_options *options, int bits);

/**
 * How to dither: "none", "floyd-steinberg" or another name of `quantize
 * --help`.
 *
 * @param strength The share of a pixel's error that others make up for, 0 to 1;
 *                 a negative number is the default, 0.85.
 */
quantize_status quantize_options_set_dither(
    quantize_options *options, const char *method, double strength);

/** Chooses the settings that look best: Oklab, importance, and error diffusion
 * whose pixels are refined. Set the effort first. */
quantize_status quantize_options_set_perceptual(quantize_options *options);

/**
 * Opaque colours that the palette has exactly; they are some of the k.
 *
 * @param rgb   `count` × 3 samples.
 * @param count 0 takes back those that were set.
 */
quantize_status quantize_options_set_pinned(
    quantize_options *options, const uint8_t *rgb, size_t count);

/**
 * Starts with given means in place of a search, and sets k.
 *
 * @param means `count` × `dimension` numbers. For images a mean is red, green,
 *              blue and, with dimension 4, alpha, 0 to 255. For points a mean is
 *              a point.
 * @param count 0 takes back means that were set.
 */
quantize_status quantize_options_set_means(
    quantize_options *options, const double *means, size_t count,
    size_t dimension);

/**
 * Maps to given colours; nothing is fitted.
 *
 * @param rgba  `count` × 4 samples, alpha not premultiplied.
 * @param count 0 takes back colours that were set.
 */
quantize_status quantize_options_set_palette(
    quantize_options *options, const uint8_t *rgba, size_t count);

/** Whether an image that is mapped to a palette has all entries of it, in its
 * order, also those that no pixel has; at most 256. Otherwise it has those that
 * its pixels use, in the order of their use. */
quantize_status quantize_options_set_keep_palette(
    quantize_options *options, bool keep_palette);

/* ---- Histograms ---------------------------------------------------------- */

/** The distinct colours of any number of images, and how many pixels have
 * each. */
typedef struct quantize_histogram quantize_histogram;

/** An empty histogram. */
quantize_status quantize_histogram_create(quantize_histogram **out);
void quantize_histogram_free(quantize_histogram *histogram);

/**
 * Counts the pixels of an image.
 *
 * @param options For their threads and importance; NULL is the default.
 *
 * Complexity: O(pixels).
 */
quantize_status quantize_histogram_add_image(
    quantize_histogram *histogram, const quantize_image *image,
    const quantize_options *options);

/** Adds the colours of another histogram, which may be empty. The order in which
 * histograms of images are added does not matter. */
quantize_status quantize_histogram_add(
    quantize_histogram *histogram, const quantize_histogram *other);

/**
 * Counts given colours, in any order; one may occur more than once.
 *
 * @param rgba    `count` × 4 samples of 16 bits; samples of 8 bits are
 *                multiplied by 257. Alpha is not premultiplied.
 * @param counts  How many pixels have each, 1 to 4,294,967,295.
 * @param weights How much each counts in a fit, finite and not negative, not all
 *                0; NULL where that is how many pixels have it.
 * @param count   The number of colours, at least 1.
 */
quantize_status quantize_histogram_add_colors(
    quantize_histogram *histogram, const uint16_t *rgba,
    const uint64_t *counts, const double *weights, size_t count);

/** The number of distinct colours; 0 of an empty or no histogram. */
size_t quantize_histogram_count(const quantize_histogram *histogram);

/** The number of pixels counted. */
uint64_t quantize_histogram_pixels(const quantize_histogram *histogram);

/**
 * The colours, in the order of a Z-order curve.
 *
 * @param rgba    `quantize_histogram_count` × 4 samples of 16 bits; may be NULL.
 * @param counts  How many pixels have each; may be NULL.
 * @param weights How much each counts; may be NULL.
 */
quantize_status quantize_histogram_get(
    const quantize_histogram *histogram, uint16_t *rgba, uint64_t *counts,
    double *weights);

/** The size of a histogram as bytes. Complexity: O(colours). */
quantize_status quantize_histogram_size(
    const quantize_histogram *histogram, size_t *out);

/**
 * Writes a histogram as bytes, which are the same on all machines;
 * docs/histogram-format.md defines them.
 *
 * @param bytes Memory of the caller.
 * @param size  Its size, at least `quantize_histogram_size`.
 */
quantize_status quantize_histogram_write(
    const quantize_histogram *histogram, void *bytes, size_t size);

/** Reads what `quantize_histogram_write` wrote. */
quantize_status quantize_histogram_read(
    const void *bytes, size_t size, quantize_histogram **out);

/* ---- Palettes and mapped images ------------------------------------------ */

/** A palette with the mixture that it comes from. It never changes. */
typedef struct quantize_palette quantize_palette;

/** An image that is reduced to a palette. It never changes. */
typedef struct quantize_result quantize_result;

/** A Gaussian mixture whose covariances are multiples of the identity. It never
 * changes. */
typedef struct quantize_model quantize_model;

/** Fits a palette to a histogram. NULL options are the defaults. */
quantize_status quantize_histogram_fit(
    const quantize_histogram *histogram, const quantize_options *options,
    quantize_progress progress, void *context, quantize_palette **out);

/**
 * Maps an image to a palette, whose colours stay as they are.
 *
 * The result has only the entries that pixels use, in the order of their use.
 */
quantize_status quantize_palette_map(
    const quantize_palette *palette, const quantize_image *image,
    const quantize_options *options, quantize_progress progress,
    void *context, quantize_result **out);

/** Reduces an image to a palette that is fitted to it: what the command does.
 * Complexity: O(pixels) + O(colours × k) an iteration. */
quantize_status quantize_image_quantize(
    const quantize_image *image, const quantize_options *options,
    quantize_progress progress, void *context, quantize_result **out);

void quantize_palette_free(quantize_palette *palette);
void quantize_result_free(quantize_result *result);

/** The number of entries, at least 1. */
size_t quantize_palette_count(const quantize_palette *palette);

/**
 * The entries, the most used first; translucent ones come before opaque ones.
 *
 * @param rgba       count × 4 samples, alpha not premultiplied; may be NULL.
 * @param counts     How many pixels have each; may be NULL.
 * @param components The component that each comes from, −1 of none; may be NULL.
 */
quantize_status quantize_palette_get(
    const quantize_palette *palette, uint8_t *rgba, uint64_t *counts,
    int32_t *components);

/** The mixture of a palette, in the working space; see docs/theory.md for the
 * coordinates of translucent colours. */
quantize_status quantize_palette_model(
    const quantize_palette *palette, quantize_model **out);

/** The palette of a result: its entries, counted in its pixels. */
quantize_status quantize_result_palette(
    const quantize_result *result, quantize_palette **out);

/** The palette's entry of each pixel, row by row: width × height numbers. */
quantize_status quantize_result_indices(
    const quantize_result *result, uint16_t *indices);

/** The same in 8 bits; QUANTIZE_NOT_POSSIBLE with more than 256 entries. */
quantize_status quantize_result_indices8(
    const quantize_result *result, uint8_t *indices);

/** The mean squared error over red, green, blue and, where there is one, alpha,
 * summed over the samples of a pixel, in steps of 8 bits squared. */
double quantize_result_error(const quantize_result *result);

/* ---- Soft segmentation --------------------------------------------------- */

/** For each pixel its C' closest components and their responsibilities, computed
 * strip by strip. It never changes. */
typedef struct quantize_soft quantize_soft;

/**
 * Prepares to compute the responsibilities of an image under the mixture of a
 * palette.
 *
 * @param palette Fitted to this image, or to others with the same channels.
 * @param options For C', the space and threads.
 */
quantize_status quantize_soft_create(
    const quantize_palette *palette, const quantize_image *image,
    const quantize_options *options, quantize_soft **out);
void quantize_soft_free(quantize_soft *soft);

/** C', the components of a pixel that are kept; 0 of NULL. */
size_t quantize_soft_cprime(const quantize_soft *soft);

/** C: the components of the model, and one of complete transparency behind them
 * where fully transparent pixels have none there. */
size_t quantize_soft_components(const quantize_soft *soft);

/**
 * The responsibilities of some rows.
 *
 * @param first            The first row.
 * @param rows             How many, at least 1.
 * @param components       rows × width × C' numbers, the closest first.
 * @param responsibilities As many, 0 to 1; those of a pixel sum to 1.
 */
quantize_status quantize_soft_rows(
    const quantize_soft *soft, size_t first, size_t rows, uint16_t *components,
    float *responsibilities);

/* ---- Segments ------------------------------------------------------------ */

/** An image that is cut into segments. It never changes. */
typedef struct quantize_segments quantize_segments;

/**
 * Cuts an image into the k components of a mixture over colour and position,
 * as `quantize segment` does.
 *
 * @param options      For k, C', the seed, effort and threads; the working space
 *                     is sRGB.
 * @param spatial      How much positions count, 0 or more; 0 is not at all.
 * @param least_region The pixels that a connected region has at least; smaller
 *                     ones go to a neighbour. 1 keeps all.
 */
quantize_status quantize_segments_create(
    const quantize_image *image, const quantize_options *options,
    double spatial, size_t least_region, quantize_progress progress,
    void *context, quantize_segments **out);

/**
 * Cuts an image into connected regions of alike pixels.
 *
 * @param count       How many, at least 1.
 * @param cprime      C', 1 to 9: among how many cells a pixel is shared.
 * @param compactness How much positions count against colours, 0 or more; the
 *                    command's default is 8.
 * @param threads     As in options.
 *
 * Complexity: O(pixels), nearly whatever the count.
 */
quantize_status quantize_superpixels_create(
    const quantize_image *image, size_t count, size_t cprime,
    double compactness, size_t threads, quantize_progress progress,
    void *context, quantize_segments **out);

void quantize_segments_free(quantize_segments *segments);

/** The number of labels. */
size_t quantize_segments_count(const quantize_segments *segments);

/** The label of each pixel, row by row: width x height numbers from 0. */
quantize_status quantize_segments_labels(
    const quantize_segments *segments, int32_t *labels);

/* ---- Comparing images ---------------------------------------------------- */

/** How far an image is from its original; docs/metrics.md defines the figures.
 */
typedef struct quantize_figures {
  /** The mean squared error per pixel, summed over its samples of 8 bits. */
  double mse;

  /** The peak signal-to-noise ratio in decibels; infinite of equal images. */
  double psnr;

  /** The mean SSIM; NaN where a side has fewer than 11 pixels. */
  double ssim;

  /** CIEDE2000: the mean over pixels, and the 95th percentile. */
  double delta_e2000;
  double delta_e2000_p95;

  /** The mean squared error in Oklab. */
  double oklab_mse;
} quantize_figures;

/** Compares two images of the same size. Complexity: O(pixels). */
quantize_status quantize_image_compare(
    const quantize_image *image, const quantize_image *original,
    size_t threads, quantize_figures *out);

/* ---- Mixtures of any points ---------------------------------------------- */

/** Points with weights. They never change. */
typedef struct quantize_points quantize_points;

/** The type of a coordinate. */
typedef enum quantize_number {
  QUANTIZE_NUMBER_FLOAT32 = 32,
  QUANTIZE_NUMBER_FLOAT64 = 64
} quantize_number;

/**
 * Copies points.
 *
 * @param values    count × dimension finite numbers, point after point.
 * @param type      Their type; all is computed with 64 bits.
 * @param count     The points, at least 1.
 * @param dimension The coordinates of a point, at least 1.
 * @param weights   A weight for each point, not negative, their sum greater than
 *                  0; NULL is 1 each.
 *
 * Complexity: O(points × dimension), and sorting them in up to 6 dimensions.
 */
quantize_status quantize_points_create(
    const void *values, quantize_number type, size_t count, size_t dimension,
    const double *weights, quantize_points **out);
void quantize_points_free(quantize_points *points);

/**
 * Creates a mixture.
 *
 * @param means      components × dimension finite numbers.
 * @param variance   The variance of all components in each dimension, 0 or more.
 * @param variances  One for each component in its place; may be NULL.
 * @param weights    Mixing weights, their sum 1; NULL is 1/C each.
 */
quantize_status quantize_model_create(
    const double *means, size_t components, size_t dimension, double variance,
    const double *variances, const double *weights, quantize_model **out);
void quantize_model_free(quantize_model *model);

/**
 * Fits a mixture to points: `colors` of the options is the number of components.
 * The options of images have no effect.
 */
quantize_status quantize_points_fit(
    const quantize_points *points, const quantize_options *options,
    quantize_progress progress, void *context, quantize_model **out);

/** C, the number of components; 0 of NULL. */
size_t quantize_model_components(const quantize_model *model);

/** D, the number of dimensions; 0 of NULL. */
size_t quantize_model_dimension(const quantize_model *model);

/**
 * The parameters.
 *
 * @param means     components × dimension numbers; may be NULL.
 * @param variances components numbers; may be NULL.
 * @param weights   components numbers, their sum 1; may be NULL.
 */
quantize_status quantize_model_get(
    const quantize_model *model, double *means, double *variances,
    double *weights);

/** The number of iterations of the fit; 0 of a model that was not fitted. */
size_t quantize_model_iterations(const quantize_model *model);

/** Whether the fit reached its tolerance. */
bool quantize_model_converged(const quantize_model *model);

/**
 * What each iteration found, with the parameters that went into it, per unit of
 * weight.
 *
 * @param free_energies F in nats, `quantize_model_iterations` numbers; may be
 *                      NULL.
 * @param inertias      The mean squared distance to the nearest mean; may be
 *                      NULL.
 */
quantize_status quantize_model_history(
    const quantize_model *model, double *free_energies, double *inertias);

/**
 * Computes how well a model describes points.
 *
 * @param cprime      C'; that of all components makes F the log-likelihood.
 * @param threads     As in options.
 * @param free_energy F per unit of weight, in nats; may be NULL.
 * @param inertia     The mean squared distance to the nearest mean; may be NULL.
 * @param entropy     That of the posteriors, in nats; may be NULL.
 */
quantize_status quantize_points_evaluate(
    const quantize_points *points, const quantize_model *model, size_t cprime,
    size_t threads, double *free_energy, double *inertia, double *entropy);

/** The number of the nearest mean of each point. */
quantize_status quantize_points_nearest(
    const quantize_points *points, const quantize_model *model,
    size_t threads, uint16_t *components);

/**
 * The truncated posterior of each point.
 *
 * @param cprime           C', at most the number of components.
 * @param components       points × C' numbers, the most responsible first.
 * @param responsibilities As many, 0 to 1; those of a point sum to 1.
 */
quantize_status quantize_points_posterior(
    const quantize_points *points, const quantize_model *model, size_t cprime,
    size_t threads, uint16_t *components, float *responsibilities);

/* ---- EM over points in parts --------------------------------------------- */

/** How many numbers the statistics of a model have, 4 + components × (dimension
 * + 2); 0 of NULL. */
size_t quantize_model_statistics_count(const quantize_model *model);

/**
 * The E-step over some of the points. The sum of the statistics of all parts is
 * that of all points, and `quantize_model_maximize` needs nothing else.
 *
 * @param cprime     C', at most the number of components.
 * @param statistics `quantize_model_statistics_count` numbers: F, the sum of
 *                   squared distances to the nearest mean, the weight of the
 *                   points, and the least variance; then for each component the
 *                   sums of w q, of w q |y − mean|², and of w q y, with w the
 *                   weights, q the responsibilities and y the points. To add
 *                   statistics, add all numbers but the fourth, of which the
 *                   greatest counts.
 */
quantize_status quantize_points_statistics(
    const quantize_points *points, const quantize_model *model, size_t cprime,
    size_t threads, double *statistics);

/**
 * The M-step: the parameters that are best for the responsibilities of an E-step.
 *
 * @param model            The model of the E-step.
 * @param statistics       Of all points.
 * @param learned_weights  Whether mixing weights are learned, or 1/C each.
 * @param separate         Whether each component has a variance of its own, or
 *                         all have one.
 *
 * Components without points stay as they are.
 */
quantize_status quantize_model_maximize(
    const quantize_model *model, const double *statistics,
    bool learned_weights, bool separate, quantize_model **out);

#ifdef __cplusplus
}
#endif

#endif
