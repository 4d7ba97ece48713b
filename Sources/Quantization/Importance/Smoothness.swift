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
    for y in 0..<height {
      for x in 0..<width {
        let place = y * width + x
        var sum: Int32 = 0
        if x + 1 < width { sum += abs(luma[place + 1] - luma[place]) }
        if y + 1 < height { sum += abs(luma[place + width] - luma[place]) }
        activity[place] = sum
      }
    }
    var columns = [Int32](repeating: 0, count: width)
    var result: [UInt32] = []
    result.reserveCapacity(rows.count * width)
    for y in rows {
      let first = max(0, y - radius - above)
      let last = min(height - 1, y + radius - above)
      for x in 0..<width { columns[x] = 0 }
      for line in first...last {
        for x in 0..<width { columns[x] += activity[line * width + x] }
      }
      var sum = columns.prefix(min(width, radius)).reduce(0, +)
      for x in 0..<width {
        if x + radius < width { sum += columns[x + radius] }
        let left = x - radius
        let count =
          (last - first + 1)
          * (min(width - 1, x + radius) - max(0, left) + 1)
        // Luma has 8 more bits; each place has two differences.
        let mean = Int(sum) / (2 * count)
        result.append(
          UInt32(
            1 + (most - 1) * (half << 8) / ((half << 8) + mean)))
        if left >= 0 { sum -= columns[left] }
      }
    }
    return result
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
