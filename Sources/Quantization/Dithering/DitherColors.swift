package import ParallelWork

/// The colours of an image as dithering uses them: their points, and the
/// entries that each may get.
package struct DitherColors: Sendable {
  /// Which entries a colour may get.
  enum Class: UInt8 {
    /// Opaque ones: an opaque colour.
    case opaque

    /// All: a translucent colour, and an opaque one from which all opaque
    /// entries are too far.
    case translucent

    /// That of complete transparency.
    case transparent
  }

  /// Which colour a pixel has.
  let ranks: ColorRanks

  /// The point of each colour.
  let points: [SIMD4<Float>]

  /// The entry nearest to each colour.
  let nearest: [UInt16]

  /// The weights of a point's coordinates in its brightness.
  let brightness: SIMD4<Float>

  /// The class of each colour.
  let classes: [UInt8]

  /// The point of each colour in encoded samples.
  let encoded: [SIMD4<Float>]

  /// The working space of colours, also where the image was fitted in that of
  /// greys.
  let space: CompositeSpace

  /// Looks at the colours of an image.
  ///
  /// - Parameters:
  ///   - assignment: Which entry is nearest to each.
  ///   - workers: The threads to use.
  /// - Complexity: O(colours); 19 bytes of memory a colour, 35 where the space
  ///   is not that of encoded samples.
  package init(_ assignment: ColorAssignment, _ workers: Workers) {
    let histogram = assignment.histogram
    space = assignment.space.ofColors
    ranks = ColorRanks(histogram)
    nearest = assignment.entries
    brightness = SIMD4<Float>(space.brightness)
    points = Self.points(of: histogram, in: space, workers)
    encoded =
      space.working == .srgb
      ? points : Self.points(of: histogram, in: .encoded, workers)
    var classes =
      histogram.channels == .rgb
      ? [UInt8](repeating: Class.opaque.rawValue, count: histogram.count)
      : (0..<histogram.count).map { n in
        switch histogram.color(n).w {
        case .max: Class.opaque.rawValue
        case 0: Class.transparent.rawValue
        default: Class.translucent.rawValue
        }
      }
    let isOpaque = assignment.palette.entries.map { $0.alpha == 255 }
    for (n, entry) in nearest.enumerated()
    where !isOpaque[Int(entry)] && classes[n] == Class.opaque.rawValue {
      classes[n] = Class.translucent.rawValue
    }
    self.classes = classes
  }

  /// Some of the colours.
  ///
  /// - Parameter numbers: Their numbers; each gets its place among these.
  /// - Returns: Them, with all that dithering asks for; their ranks are those
  ///   of all colours.
  /// - Complexity: O(numbers).
  func only(_ numbers: [UInt32]) -> DitherColors {
    DitherColors(
      numbers.map { points[Int($0)] }, numbers.map { nearest[Int($0)] },
      numbers.map { classes[Int($0)] },
      encoded: numbers.map { encoded[Int($0)] }, of: self)
  }

  private init(
    _ points: [SIMD4<Float>], _ nearest: [UInt16], _ classes: [UInt8],
    encoded: [SIMD4<Float>], of all: DitherColors
  ) {
    ranks = all.ranks
    brightness = all.brightness
    space = all.space
    self.points = points
    self.nearest = nearest
    self.classes = classes
    self.encoded = encoded
  }

  /// The points of an image's colours; those of encoded samples of 8 bits are
  /// exact.
  ///
  /// - Complexity: O(colours); 16 bytes of memory a colour.
  private static func points(
    of histogram: ColorHistogram, in space: CompositeSpace, _ workers: Workers
  ) -> [SIMD4<Float>] {
    let count = histogram.count
    let pieces = max(1, min(16, count / 16_384))
    return [SIMD4<Float>](unsafeUninitializedCapacity: count) {
      buffer, filled in
      let points = SharedMemory(buffer)
      workers.forEach(pieces) { piece in
        for n in (0..<count).piece(piece, of: pieces) {
          points.start[n] = SIMD4<Float>(space.point(histogram.color(n)))
        }
      }
      filled = count
    }
  }
}
