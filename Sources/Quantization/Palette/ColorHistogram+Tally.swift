import ParallelWork
import Rasters

extension ColorHistogram {
  /// Counts the pixels of each entry, and adds up how far their colours are
  /// from it.
  ///
  /// - Parameters:
  ///   - nearest: For each visible colour the number of its entry.
  ///   - entries: The entries.
  ///   - workers: The threads to use; the sums do not depend on them.
  /// - Returns: The pixels of each entry, and the summed squared distance of
  ///   encoded samples of all pixels; exact for 8 bits a sample.
  /// - Complexity: O(colours).
  func tally(
    _ nearest: [UInt16], _ entries: PaletteCandidates, _ workers: Workers
  ) -> (counts: [Int], squaredError: Double) {
    let first = visible.lowerBound
    let count = visible.count
    let pieces = max(1, min(16, count / 16_384))
    let colors = entries.colors
    let encoded = CompositeSpace.encoded
    let isExact = layout == .rgb8 && entries.depth == .eight
    let points = colors.indices.map {
      entries.depth == .eight
        ? encoded.point(colors[$0], alpha: entries.alphas[$0])
        : encoded.point(entries.deep[$0])
    }
    let parts = workers.map(pieces) { piece in
      var counts = [Int](repeating: 0, count: colors.count)
      var squaredError = 0.0
      withColors { codes, pixels in
        nearest.withUnsafeBufferPointer { nearest in
          counts.withUnsafeMutableBufferPointer { counts in
            for n in (0..<count).piece(piece, of: pieces) {
              let entry = Int(nearest[n])
              let pixels = Int(pixels[first + n])
              let code = codes[first + n]
              counts[entry] += pixels
              let distance =
                isExact
                ? MortonCode.decode(UInt32(truncatingIfNeeded: code))
                  .squaredDistance(to: colors[entry])
                : encoded.point(layout.color(code))
                  .squaredDistance(to: points[entry])
              squaredError += Double(pixels) * distance
            }
          }
        }
      }
      return (counts: counts, squaredError: squaredError)
    }
    var counts = [Int](repeating: 0, count: colors.count)
    var squaredError = 0.0
    for part in parts {
      for entry in counts.indices { counts[entry] += part.counts[entry] }
      squaredError += part.squaredError
    }
    return (counts, squaredError)
  }

  /// Calls `body` with the codes of all colours and how many pixels have each.
  @inline(__always)
  private func withColors(
    _ body: (UnsafeBufferPointer<UInt64>, UnsafeBufferPointer<UInt32>) -> Void
  ) {
    codes.withUnsafeBufferPointer { codes in
      counts.withUnsafeBufferPointer { body(codes, $0) }
    }
  }
}

extension RGBColor {
  /// The summed squared difference of the three samples.
  fileprivate func squaredDistance(to other: RGBColor) -> Double {
    let red = Int(red) - Int(other.red)
    let green = Int(green) - Int(other.green)
    let blue = Int(blue) - Int(other.blue)
    return Double(red * red + green * green + blue * blue)
  }
}

extension SIMD4<Double> {
  fileprivate func squaredDistance(to other: Self) -> Double {
    let difference = self - other
    return (difference * difference).sum()
  }
}
