package import Rasters

/// How much the pixels of an image count by their surroundings.
///
/// An error is seen best in a smooth area and hardly in texture. With a the
/// activity of a pixel, the mean absolute difference of luma between neighbours
/// within two pixels, its weight is 1/(1 + a/a₀). Pixels that are not opaque
/// have the luma of their look on mid-grey, so that what is under a fully
/// transparent one does not matter.
package enum Smoothness {
  /// Activity at which a pixel counts half, in 8-bit samples.
  private static let half = 10

  /// Weights are whole numbers up to this, so that their sums are exact.
  private static let most = 1 << 16

  /// Pixels to each side that are looked at.
  private static let radius = 2

  /// The weights of some rows.
  ///
  /// - Parameters:
  ///   - rows: Rows.
  ///   - pixels: The image.
  /// - Returns: Row by row, 1 to 65,536.
  /// - Complexity: O(pixels).
  package static func weights(ofRows rows: Range<Int>, of pixels: Pixels)
    -> [UInt32]
  {
    let size = pixels.size
    let width = size.width
    let above = max(0, rows.lowerBound - radius)
    let below = min(size.height, rows.upperBound + radius + 1)
    let luma = Self.luma(above..<below, pixels)
    let height = below - above
    // Differences to the right and down, then their sums over squares.
    var activity = [Int32](repeating: 0, count: luma.count)
    luma.withUnsafeBufferPointer { luma in
      activity.withUnsafeMutableBufferPointer { activity in
        for y in 0..<height {
          let line = y * width
          // Nothing is below the last row.
          let down = y + 1 < height ? line + width : line
          for x in 0..<width {
            let right = line + min(x + 1, width - 1)
            activity[line + x] =
              abs(luma[right] &- luma[line + x])
              &+ abs(luma[down + x] &- luma[line + x])
          }
        }
      }
    }
    return [UInt32](unsafeUninitializedCapacity: rows.count * width) {
      result, filled in
      var columns = [Int32](repeating: 0, count: width)
      activity.withUnsafeBufferPointer { activity in
        columns.withUnsafeMutableBufferPointer { columns in
          for (n, y) in rows.enumerated() {
            let lines =
              max(0, y - radius - above)...min(height - 1, y + radius - above)
            for x in 0..<width { columns[x] = 0 }
            for line in lines {
              for x in 0..<width {
                columns[x] = columns[x] &+ activity[line * width + x]
              }
            }
            weigh(
              UnsafeBufferPointer(columns), lines.count,
              UnsafeMutableBufferPointer(
                rebasing: result[n * width..<(n + 1) * width]))
          }
        }
      }
      filled = rows.count * width
    }
  }

  /// The weights of a row.
  ///
  /// - Parameters:
  ///   - columns: The activity of each column of the rows near it.
  ///   - lines: How many rows those are.
  ///   - result: Gets the weights.
  private static func weigh(
    _ columns: UnsafeBufferPointer<Int32>, _ lines: Int,
    _ result: UnsafeMutableBufferPointer<UInt32>
  ) {
    let width = columns.count
    var sum = columns.prefix(radius).reduce(0, &+)
    for x in 0..<width {
      if x + radius < width { sum = sum &+ columns[x + radius] }
      let left = x - radius
      let count =
        lines * (min(width - 1, x + radius) - max(0, left) + 1)
      // Luma has 8 more bits; each place has two differences.
      let mean = UInt32(sum) / UInt32(2 * count)
      let most = UInt32((most - 1) * (half << 8))
      result[x] = 1 + most / (UInt32(half << 8) + mean)
      if left >= 0 { sum = sum &- columns[left] }
    }
  }

  /// BT.709 luma of rows, 0 to 65,280.
  private static func luma(_ rows: Range<Int>, _ pixels: Pixels) -> [Int32] {
    let width = pixels.size.width
    let range = rows.lowerBound * width..<rows.upperBound * width
    func luma(_ red: Int32, _ green: Int32, _ blue: Int32) -> Int32 {
      54 * red + 183 * green + 19 * blue
    }
    // On a grey of 127.5, rounded.
    func shown(_ luma: Int32, _ alpha: Int32) -> Int32 {
      alpha == 255
        ? luma : (2 * luma * alpha + 65_280 * (255 - alpha) + 255) / 510
    }
    let step = pixels.channels.count
    switch pixels {
    case .eight(let raster):
      return raster.samples.withUnsafeBufferPointer { samples in
        range.map {
          shown(
            luma(
              Int32(samples[step * $0]), Int32(samples[step * $0 + 1]),
              Int32(samples[step * $0 + 2])),
            step == 4 ? Int32(samples[step * $0 + 3]) : 255)
        }
      }
    case .sixteen(let raster):
      return raster.samples.withUnsafeBufferPointer { samples in
        range.map {
          shown(
            luma(
              Int32(samples[step * $0] >> 8),
              Int32(samples[step * $0 + 1] >> 8),
              Int32(samples[step * $0 + 2] >> 8)),
            step == 4 ? Int32(samples[step * $0 + 3] >> 8) : 255)
        }
      }
    }
  }
}
