// Kernels that a newer instruction set makes faster, with the same results, bit
// for bit, as the Swift code that they stand in for. Those of dithering stand in
// for nothing: they are portable, and compiled a second time for a newer set.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "diffuse_row.h"
#include "exchange_row.h"
#include "nearest_grid.h"

// Whether this machine can run the kernels; false on other architectures.
bool qk_available(void);

// Stands in for NearestKernel.assign: see there. `coordinates` are planes,
// `stride` apart; `means` has `lanes` numbers a component, of which `dimension`
// (1 to 6) are used; `statistics` has dimension + 2 numbers a component;
// `nearest` may be null. Reads whole vectors of four from every point on.
double qk_assign_nearest(
    const double *coordinates, size_t stride, const double *weights,
    size_t start, size_t end, const int32_t *candidates,
    size_t candidate_count, const double *means, size_t lanes,
    size_t dimension, double *statistics, uint16_t *nearest);

// The most dimensions of qk_assign_wide: a tile of points has room on the stack.
enum { qk_most_wide = 512 };

// What qk_filter_wide knows of components; see WideFilter. Squared distances are
// halved, and of coordinates from the origin on, times the scale.
typedef struct {
  size_t dimension;
  const double *origin;
  double scale;
  // `dimension` numbers a component.
  const float *means;
  // Half their squares.
  const float *half_squares;
  // A component's cost is its offset and the distance times its factor; null
  // where it is the distance.
  const float *factors;
  const float *offsets;
  // A cost is off by no more than the fixed error and the error times the largest
  // square of the points.
  const float *fixed_errors;
  const float *errors;
  // Components that cost so much more than another are dropped.
  float vanishing;
} qk_wide_filter;

// Points that qk_filter_wide looks at together.
enum { qk_filtered_points = 16 };

// Finds candidates that may be among the `keep` (1 to 8) cheapest of some of
// `count` (1 to qk_filtered_points) points: puts their numbers in `kept`, in the
// same order, with a mask of the points in `masks`, and returns how many there
// are. `bounds` has room for 16 numbers a candidate, `kept` and `masks` for one
// more than the candidates.
size_t qk_filter_wide(
    const qk_wide_filter *filter, const double *coordinates, size_t stride,
    size_t start, size_t count, const int32_t *candidates,
    size_t candidate_count, size_t keep, float *bounds, int32_t *kept,
    uint16_t *masks);

// qk_assign_nearest for 7 to qk_most_wide dimensions.
double qk_assign_wide(
    const double *coordinates, size_t stride, const double *weights,
    size_t start, size_t end, const int32_t *candidates,
    size_t candidate_count, const double *means, size_t lanes,
    size_t dimension, double *statistics, uint16_t *nearest);

// The same where a filter first drops most candidates; with room for it.
double qk_assign_filtered(
    const double *coordinates, size_t stride, const double *weights,
    size_t start, size_t end, const int32_t *candidates,
    size_t candidate_count, const double *means, size_t lanes,
    size_t dimension, double *statistics, uint16_t *nearest,
    const qk_wide_filter *filter, float *bounds, int32_t *kept,
    uint16_t *masks);

// Stands in for SoftPass.evaluate and SoftPass.add, for `truncation` 2 to 8: see
// there. `sums` has two numbers, the free energy and the inertia; added to.
void qk_share_softly(
    const double *coordinates, size_t stride, const double *weights,
    size_t start, size_t end, const int32_t *candidates,
    size_t candidate_count, const double *means, size_t lanes,
    size_t dimension, size_t truncation, double precision,
    double *statistics, double *sums);

// Stands in for DenseShares.addPortably: see there. `live` names the components
// that take part, `room` holds eight numbers for each of them, `shared` four
// times dimension + 2; the latter, and the eight numbers of `totals`, four of
// the free energy and four of the inertia, are added to.
void qk_share_densely(
    const double *coordinates, size_t stride, const double *weights,
    size_t start, size_t end, const int32_t *live, size_t live_count,
    const double *means, size_t lanes, size_t dimension,
    const double *offsets, const double *precisions, double *room,
    double *shared, double *totals);

// Stands in for CandidateSearch.narrowed, for `truncation` 1 to 8: see there.
// The list has `count` `numbers`, and the means of their components in `planes`,
// `stride` apart; what is kept of them goes behind, and the result says how many
// those are. Where there is room for three more than may be kept. `low` and
// `high` have `dimension` (1 to 6) numbers, `distances` has room for `count` and
// three more.
size_t qk_narrow(
    int32_t *numbers, double *planes, size_t stride, size_t count,
    const double *low, const double *high, size_t dimension,
    size_t truncation, double margin, double slack, double *distances,
    int32_t *first_pivot);

// Stands in for MortonCode.write: see there. `count` is a multiple of 8; reads 4
// bytes behind the samples.
void qk_morton_codes(const uint8_t *samples, size_t count, uint32_t *codes);
