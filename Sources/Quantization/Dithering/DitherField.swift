package import ParallelWork
package import Rasters

/// What dithering looks at: the points of an image's pixels, and what each
/// colour may become.
package struct DitherField: Sendable {
  /// Which entries a colour may get.
  enum Class: UInt8 {
    /// Opaque ones.
    case opaque

    /// All.
    case translucent

    /// That of complete transparency.
    case transparent
  }

  let size: ImageSize

  private let pixels: Pixels
  private let ranks: ColorRanks

  /// The point of each colour.
  package let points: [SIMD4<Float>]

  /// The entry nearest to each colour.
  package let nearest: [UInt16]

  /// What the coordinates of a point add to its brightness.
  let brightness: SIMD4<Float>

  /// The class of each colour.
  package let classes: [UInt8]

  /// Looks at an image.
  ///
  /// - Parameters:
  ///   - pixels: The image.
  ///   - histogram: Its colours.
  ///   - nearest: The entry nearest to each colour.
  ///   - workers: The threads to use.
  /// - Complexity: O(colours); 19 bytes of memory a colour.
  package init(
    _ pixels: Pixels, _ histogram: ColorHistogram, nearest: [UInt16],
    _ workers: Workers
  ) {
    size = pixels.size
    self.pixels = pixels
    ranks = ColorRanks(histogram)
    self.nearest = nearest
    brightness = SIMD4<Float>(histogram.space.brightness)
    points = Self.points(of: histogram, in: histogram.space, workers)
    classes =
      pixels.channels == .rgb
      ? [UInt8](repeating: Class.opaque.rawValue, count: histogram.count)
      : (0..<histogram.count).map { n in
        switch histogram.color(n).w {
        case .max: Class.opaque.rawValue
        case 0: Class.transparent.rawValue
        default: Class.translucent.rawValue
        }
      }
  }

  /// The points of an image's colours; those of encoded samples of 8 bits are
  /// exact.
  ///
  /// - Complexity: O(colours); 16 bytes of memory a colour.
  static func points(
    of histogram: ColorHistogram, in space: CompositeSpace, _ workers: Workers
  ) -> [SIMD4<Float>] {
    let count = histogram.count
    let pieces = max(1, min(16, count / 16_384))
    return [SIMD4<Float>](unsafeUninitializedCapacity: count) {
      buffer, filled in
      let points = SharedMemory(buffer)
      workers.forEach(pieces) { piece in
        for n in count * piece / pieces..<count * (piece + 1) / pieces {
          points.start[n] = SIMD4<Float>(space.point(histogram.color(n)))
        }
      }
      filled = count
    }
  }

  /// The numbers of the colours of rows.
  package func numbers(ofRows rows: Range<Int>) -> [UInt32] {
    let range = rows.lowerBound * size.width..<rows.upperBound * size.width
    return [UInt32](unsafeUninitializedCapacity: range.count) {
      buffer, filled in
      ranks.forEach(range, of: pixels) { place, color in
        buffer[place] = UInt32(truncatingIfNeeded: color)
      }
      filled = range.count
    }
  }
}
