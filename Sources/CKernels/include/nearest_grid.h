// The search of Quantization's NearestGrid.
#pragma once

#include <stddef.h>
#include <stdint.h>

#define QK_INLINED static inline __attribute__((always_inline))

typedef float qk_floats __attribute__((vector_size(16)));
typedef int32_t qk_ints __attribute__((vector_size(16)));

// `starts` says for each of 32 × 32 × 32 cells the number of its first block,
// times 8, and how many it has. A block is three coordinates of four entries
// and their numbers.
typedef struct {
  const uint32_t *starts;
  const float *blocks;
  float origin[3];
  float scale[3];
} qk_grid;

// The squared distances of a block's entries from a point, as whole numbers
// whose last bits say which it is.
QK_INLINED qk_ints qk_block_distances(
    const float *block, float x, float y, float z) {
#pragma STDC FP_CONTRACT OFF
  const qk_floats *axes = (const qk_floats *)block;
  const qk_floats dx = axes[0] - x;
  const qk_floats dy = axes[1] - y;
  const qk_floats dz = axes[2] - z;
  const qk_floats distance = (dx * dx + dy * dy) + dz * dz;
  return ((qk_ints)distance & ~15) | (qk_ints){0, 1, 2, 3};
}

// The number of the entry nearest to a point; -1 where the grid does not say.
QK_INLINED int32_t qk_grid_nearest(
    const qk_grid *grid, float x, float y, float z) {
#pragma STDC FP_CONTRACT OFF
  // Adding 2²³ rounds to whole numbers, which are the last bits then.
  const qk_floats origin = {
      grid->origin[0], grid->origin[1], grid->origin[2], 0};
  const qk_floats scale = {grid->scale[0], grid->scale[1], grid->scale[2], 0};
  const qk_floats point = {x, y, z, 0};
  const qk_ints place =
      (qk_ints)((point - origin) * scale + 8388608.0f) - 0x4b000000;
  const uint32_t cx = (uint32_t)place[0];
  const uint32_t cy = (uint32_t)place[1];
  const uint32_t cz = (uint32_t)place[2];
  if ((cx | cy | cz) >= 32) return -1;
  const uint32_t start = grid->starts[cx << 10 | cy << 5 | cz];
  const uint32_t count = start & 7;
  if (count == 0) return -1;
  const float *block = grid->blocks + (size_t)(start >> 3) * 16;
  qk_ints least = qk_block_distances(block, x, y, z);
  for (uint32_t i = 1; i < count; i++)
    least = __builtin_elementwise_min(
        least,
        qk_block_distances(block + 16 * i, x, y, z) + (int32_t)(4 * i));
  least = __builtin_elementwise_min(
      least, __builtin_shufflevector(least, least, 2, 3, 0, 1));
  least = __builtin_elementwise_min(
      least, __builtin_shufflevector(least, least, 1, 0, 3, 2));
  const size_t chosen = (size_t)(least[0] & 15);
  const int32_t *numbers =
      (const int32_t *)(block + (chosen >> 2) * 16 + 12);
  return numbers[chosen & 3];
}
