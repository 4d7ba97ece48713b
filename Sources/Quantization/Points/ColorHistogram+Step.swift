import Rasters

/// The step of an image's samples: how finely they can tell values apart.
///
/// A file of 8 bits has steps of 1/255. One of 16 bits says little: its samples
/// may be those of 8 or 12 bits, or dim ones that were multiplied. So the step is
/// the least difference between two values of a channel that occur, where they
/// fill their range, and otherwise no more than 1/255 of that range. It is
/// measured as the values lie in the working space, and grows with the values: a
/// picture and a multiple of it are fitted alike.
extension ColorHistogram {
  /// From how many values of a channel on they can be said to fill a range.
  private static let fewValues = 32

  /// The variance of coordinates that are rounded to the image's own step.
  ///
  /// - Parameter space: The working space.
  /// - Returns: step²/12, greater than 0.
  /// - Complexity: O(colours).
  package func roundingVariance(in space: CompositeSpace) -> Double {
    guard hasDeepSamples else { return space.roundingVariance }
    let step = (0..<(isGrey ? 1 : 3)).compactMap {
      Self.step(of: values(ofChannel: $0, in: space))
    }.min()
    // Where there is but one colour, any step will do.
    return step.map { $0 * $0 / 12 } ?? space.roundingVariance
  }

  /// Whether any visible colour has samples that 8 bits cannot have.
  private var hasDeepSamples: Bool {
    layout != .rgb8
      && codes[visible].contains { code in
        let color = layout.color(code)
        return (0..<3).contains { color[$0] % 257 != 0 }
      }
  }

  /// The step of some values.
  ///
  /// - Parameter values: Values that differ, ascending.
  /// - Returns: The step, or `nil` of fewer than two.
  private static func step(of values: [Double]) -> Double? {
    guard let first = values.first, let last = values.last, first < last else {
      return nil
    }
    let range = last - first
    let least = zip(values.dropFirst(), values).reduce(range) {
      min($0, $1.0 - $1.1)
    }
    let isFull =
      values.count >= fewValues && 4 * Double(values.count) * least >= range
    return isFull ? least : min(least, range / 255)
  }

  /// The values of a channel that occur, ascending, as coordinates.
  ///
  /// Where coordinates mix the channels, they are taken to be proportional to
  /// samples.
  private func values(
    ofChannel channel: Int, in space: CompositeSpace
  ) -> [Double] {
    var occurs = [Bool](repeating: false, count: 65_536)
    for code in codes[visible] {
      occurs[Int(layout.color(code)[channel])] = true
    }
    let isSeparable =
      space.isGrey || space.working == .srgb || space.working == .linear
    return occurs.indices.filter { occurs[$0] }.map { value in
      let sample = UInt16(truncatingIfNeeded: value)
      return isSeparable
        ? space.point(SIMD4(sample, sample, sample, .max)).x
        : Double(value) / 257 * space.working.step
    }
  }
}
