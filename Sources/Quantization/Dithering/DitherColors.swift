package import ParallelWork
import Rasters

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

  /// Which colour a pixel has; `nil` where there are ``groups``.
  private let ranks: ColorRanks?

  /// Which group a pixel is in, where there are very many colours. What follows
  /// is then of groups, and not of colours.
  let groups: ColorGroups?

  /// The point of each colour.
  let points: [SIMD4<Float>]

  /// The entry nearest to each colour.
  let nearest: [UInt16]

  /// The weights of a point's coordinates in its brightness.
  let brightness: SIMD4<Float>

  /// The class of each colour.
  let classes: [UInt8]

  /// The samples of each colour, alpha the last; none where pixels have them in 8
  /// bits.
  let samples: [SIMD4<UInt16>]

  /// How many pixels have these colours.
  let pixelCount: Int

  /// The working space of colours, also where the image was fitted in that of
  /// greys.
  let space: CompositeSpace

  /// Looks at the colours of an image.
  ///
  /// - Parameters:
  ///   - assignment: Which entry is nearest to each.
  ///   - isGrouped: Whether very many colours are looked at in groups, if they
  ///     are opaque ones in the space of encoded samples.
  ///   - workers: The threads to use.
  /// - Complexity: O(colours); 19 bytes of memory a colour or group, 27 where
  ///   pixels do not have encoded samples of 8 bits.
  package init(
    _ assignment: ColorAssignment, isGrouped: Bool = false, _ workers: Workers
  ) {
    let histogram = assignment.histogram
    pixelCount = histogram.pixelCount
    space = assignment.space.ofColors
    brightness = SIMD4<Float>(space.brightness)
    let isOpaque = assignment.palette.entries.map { $0.alpha == 255 }
    if isGrouped, histogram.layout == .rgb8, space.working == .srgb,
      histogram.count >= ColorGroups.leastColors, !isOpaque.contains(false)
    {
      let groups = ColorGroups(assignment, workers)
      self.groups = groups
      ranks = nil
      points = groups.points
      nearest = groups.nearest
      classes = [UInt8](
        repeating: Class.opaque.rawValue, count: groups.points.count)
      samples = []
      return
    }
    groups = nil
    nearest = assignment.entries
    ranks = ColorRanks(histogram)
    points = Self.points(of: histogram, in: space, workers)
    samples =
      histogram.layout == .rgb8
      ? [] : (0..<histogram.count).map { histogram.color($0) }
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
    if isOpaque.contains(false) {
      for (n, entry) in nearest.enumerated()
      where !isOpaque[Int(entry)] && classes[n] == Class.opaque.rawValue {
        classes[n] = Class.translucent.rawValue
      }
    }
    self.classes = classes
  }

  /// Some of the colours.
  ///
  /// - Parameter keys: Their numbers; where there are groups, their red, green
  ///   and blue as one number. Each gets its place among these.
  /// - Returns: Them, for pixels whose numbers are known.
  /// - Complexity: O(keys).
  func only(_ keys: [UInt32]) -> DitherColors {
    guard let groups else {
      return DitherColors(
        keys.map { points[Int($0)] }, keys.map { nearest[Int($0)] },
        keys.map { classes[Int($0)] }, of: self)
    }
    return DitherColors(
      keys.map { SIMD4<Float>(space.point(RGBColor(packed: $0))) },
      keys.map { nearest[Int(groups.ofCubes[ColorGroups.cube($0)])] },
      keys.map { _ in Class.opaque.rawValue }, of: self)
  }

  /// Calls `body` for each of some pixels with the number of its colour, or of
  /// its group.
  ///
  /// - Parameters:
  ///   - range: Pixels.
  ///   - pixels: The image.
  ///   - body: Gets the pixel's place in the range and the number.
  /// - Complexity: That of `ColorRanks.forEach`.
  func forEach(
    _ range: Range<Int>, of pixels: Pixels,
    _ body: (_ place: Int, _ color: Int) -> Void
  ) {
    if let groups {
      groups.forEach(range, of: pixels, body)
    } else {
      ranks?.forEach(range, of: pixels, body)
    }
  }

  private init(
    _ points: [SIMD4<Float>], _ nearest: [UInt16], _ classes: [UInt8],
    of all: DitherColors
  ) {
    pixelCount = all.pixelCount
    ranks = nil
    brightness = all.brightness
    space = all.space
    groups = nil
    samples = []
    self.points = points
    self.nearest = nearest
    self.classes = classes
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
        for n in (0..<count).piece(piece, of: pieces) {
          // The same, from tables.
          let point =
            histogram.layout == .rgb8
            ? space.point(
              MortonCode.decode(
                UInt32(truncatingIfNeeded: histogram.codes[n])))
            : space.point(histogram.color(n))
          points.start[n] = SIMD4<Float>(point)
        }
      }
      filled = count
    }
  }
}
