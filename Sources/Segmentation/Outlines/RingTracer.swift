import Regions

/// Follows the borders of regions along the sides of pixels.
struct RingTracer {
  /// Regions.
  let map: LabelMap

  /// The region of a pixel, −1 outside of the image.
  private func region(_ x: Int, _ y: Int) -> Int32 {
    guard x >= 0, y >= 0, x < map.size.width, y < map.size.height else {
      return -1
    }
    return map.labels[y * map.size.width + x]
  }

  /// Whether another region lies above a pixel.
  func hasTopBorder(_ x: Int, _ y: Int) -> Bool {
    region(x, y) != region(x, y - 1)
  }

  /// Whether a corner must stay: three or more borders end there, or it is one
  /// of the image.
  func isFixed(_ corner: SIMD2<Int>) -> Bool {
    let (x, y) = (corner.x, corner.y)
    if (x == 0 || x == map.size.width) && (y == 0 || y == map.size.height) {
      return true
    }
    let around = [
      region(x - 1, y - 1), region(x, y - 1), region(x, y), region(x - 1, y),
    ]
    let borders = around.indices.reduce(0) {
      $0 + (around[$1] == around[($1 + 1) % 4] ? 0 : 1)
    }
    return borders > 2
  }

  /// The ring that holds the upper side of a pixel, all its corners of pixels in
  /// order, the region on the right.
  ///
  /// - Parameters:
  ///   - x: The pixel's column.
  ///   - y: Its row.
  ///   - passed: Called with the number of each pixel whose upper side is part of
  ///     the ring.
  /// - Returns: Four corners or more.
  func ring(
    fromTopOf x: Int, _ y: Int, passed: (Int) -> Void
  ) -> [SIMD2<Int>] {
    let own = region(x, y)
    // East, south, west, north; a right turn is the next.
    let steps = [SIMD2(1, 0), SIMD2(0, 1), SIMD2(-1, 0), SIMD2(0, -1)]
    // The pixels ahead on the right and on the left, from a corner.
    let right = [SIMD2(0, 0), SIMD2(-1, 0), SIMD2(-1, -1), SIMD2(0, -1)]
    let left = [SIMD2(0, -1), SIMD2(0, 0), SIMD2(-1, 0), SIMD2(-1, -1)]
    let start = SIMD2(x, y)
    var corner = start
    var direction = 0
    var corners: [SIMD2<Int>] = []
    repeat {
      corners.append(corner)
      if direction == 0 { passed(corner.y * map.size.width + corner.x) }
      corner &+= steps[direction]
      let (r, l) = (corner &+ right[direction], corner &+ left[direction])
      if region(r.x, r.y) != own {
        direction = (direction + 1) % 4
      } else if region(l.x, l.y) == own {
        direction = (direction + 3) % 4
      }
    } while corner != start || direction != 0
    return corners
  }
}
