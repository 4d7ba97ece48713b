import CLibrary
import ParallelWork

/// Dithering along a Hilbert curve: a pixel makes up for what the last pixels
/// of the curve could not show, the more the nearer they are.
///
/// The errors of pixels that are farther back count as the oldest of these,
/// times the strength for each pixel that they are older: at full strength
/// nothing is ever forgotten, so that the means of areas are kept. The error
/// that a pixel receives is limited (``ErrorLimits``).
///
/// The curve runs through squares of 64 pixels from the left of a band to its
/// right, two rows of squares a band; it leaves a square next to where it
/// enters the next.
package struct RiemersmaDithering: Sendable {
  /// The share of the pixels' error that is made up for.
  let strength: Float

  /// How much error each colour receives at most.
  let limits: ErrorLimits

  /// The share of the errors farther back that a step leaves.
  private let kept: Float

  /// Prepares to dither.
  ///
  /// - Parameters:
  ///   - strength: 0 to 1.
  ///   - keepsMeans: Whether the means of areas matter.
  ///   - colors: The colours of the image.
  ///   - entries: The entries that pixels may get.
  ///   - workers: The threads to use.
  init(
    strength: Double, keepsMeans: Bool, _ colors: DitherColors,
    _ entries: DitherEntries, _ workers: Workers
  ) {
    self.strength = Float(strength)
    let kept = pow(strength, Double(Self.memory))
    self.kept = Float(kept)
    let oldest = Double(Self.weights[Self.memory - 1])
    let sum = Double(Self.weights.reduce(0, +))
    limits = ErrorLimits(
      colors, entries,
      gain: Float(strength * (sum + oldest * kept / (1 - kept))),
      keepsMeans: keepsMeans, workers)
  }

  /// How many pixels back errors are remembered.
  private static let memory = 16

  /// The side of a square.
  package static let side = 64

  /// For each step of the curve through a square its column and row.
  package static let curve: [(x: Int, y: Int)] = (0..<side * side).map {
    var (x, y) = (0, 0)
    var rest = $0
    var size = 1
    // From the last two bits up, each level turns what is below it.
    while size < side {
      let right = 1 & (rest / 2)
      let up = 1 & (rest ^ right)
      if up == 0 {
        if right == 1 { (x, y) = (size - 1 - x, size - 1 - y) }
        (x, y) = (y, x)
      }
      x += size * right
      y += size * up
      rest /= 4
      size *= 2
    }
    return (x, y)
  }

  /// Weights of remembered errors, the newest first: the oldest has a sixteenth
  /// of the newest.
  private static let weights: [Float] = {
    var weights: [Float] = [1]
    for _ in 1..<memory { weights.append(weights[weights.count - 1] * ratio) }
    return weights
  }()

  /// 16^(−1/15).
  private static let ratio: Float = 0.831_237_9

  /// Dithers a band; see `ErrorDiffusion.dither`.
  func dither(
    _ band: Int, of field: DitherField, with entries: DitherEntries,
    into indices: SharedMemory<UInt16>
  ) {
    let width = field.size.width
    let rows = DitherBands.rows(band, field.size)
    let numbers = field.numbers(ofRows: rows)
    let start = indices.start + field.place(ofRow: rows.lowerBound)
    entries.withChooser { chooser in
      limits.squared.withUnsafeBufferPointer { limits in
        for top in stride(from: 0, to: rows.count, by: Self.side) {
          var errors = [SIMD4<Float>](repeating: .zero, count: Self.memory)
          var newest = 0
          var farther = SIMD4<Float>.zero
          for left in stride(from: 0, to: width, by: Self.side) {
            for place in Self.curve {
              let (x, y) = (left + place.x, top + place.y)
              guard x < width, y < rows.count else { continue }
              let number = Int(numbers[y * width + x])
              let known = Int(field.nearest[number])
              var rest = SIMD4<Float>.zero
              var entry = known
              let kind = field.classes[number]
              if kind != DitherColors.Class.transparent.rawValue {
                var received = farther * Self.weights[Self.memory - 1]
                for age in 0..<Self.memory {
                  received +=
                    errors[(newest + age) % Self.memory] * Self.weights[age]
                }
                let share = ErrorLimits.share(of: received, number, limits)
                farther *= share
                let point = field.points[number]
                entry = chooser.nearest(
                  to: point + received * share, from: known,
                  isOpaque: kind == DitherColors.Class.opaque.rawValue)
                rest = (point - chooser.all.points[entry]) * strength
              }
              newest = (newest + Self.memory - 1) % Self.memory
              farther = (farther + errors[newest]) * kept
              errors[newest] = rest
              start[y * width + x] = UInt16(truncatingIfNeeded: entry)
            }
          }
        }
      }
    }
  }
}
