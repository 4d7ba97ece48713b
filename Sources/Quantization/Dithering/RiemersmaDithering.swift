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

  /// The errors of the last pixels.
  private struct Memory {
    private var errors = [SIMD4<Float>](
      repeating: .zero, count: RiemersmaDithering.memory)

    /// The place of the oldest.
    private var oldest = 0

    /// Their weighted sum. Weights fall by the same ratio from one to the next,
    /// so it is brought up to date and never added up anew.
    private var sum = SIMD4<Float>.zero

    /// The sum of the errors farther back.
    private var farther = SIMD4<Float>.zero

    private let kept: Float
    private let weight = RiemersmaDithering.weights[
      RiemersmaDithering.memory - 1]
    private let ratio = RiemersmaDithering.ratio

    init(kept: Float) {
      self.kept = kept
    }

    /// What the next pixel makes up for.
    var received: SIMD4<Float> { sum + farther * weight }

    /// Leaves a share of the errors farther back.
    @inline(__always)
    mutating func forget(_ share: Float) {
      farther *= share
    }

    /// Adds the error of a pixel.
    @inline(__always)
    mutating func add(_ error: SIMD4<Float>) {
      let last = errors[oldest]
      farther = (farther + last) * kept
      sum = (sum - last * weight) * ratio + error
      errors[oldest] = error
      oldest = (oldest + 1) % RiemersmaDithering.memory
    }
  }

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
    let start = indices.start + field.place(ofRow: rows.lowerBound)
    let side = Self.side
    entries.withChooser { chooser in
      DitherRow.with(side * side) { pixels in
        for top in stride(from: 0, to: rows.count, by: side) {
          let lines = min(side, rows.count - top)
          var memory = Memory(kept: kept)
          for left in stride(from: 0, to: width, by: side) {
            let columns = left..<min(width, left + side)
            for y in 0..<lines {
              field.read(
                rows.lowerBound + top + y, columns, limits,
                into: pixels.advanced(by: side * y))
            }
            for place in Self.curve {
              let (x, y) = (left + place.x, top + place.y)
              guard x < width, y < rows.count else { continue }
              let pixel = side * place.y + place.x
              let known = Int(pixels.known[pixel])
              var rest = SIMD4<Float>.zero
              var entry = known
              let kind = pixels.classes[pixel]
              if kind != DitherColors.Class.transparent.rawValue {
                let received = memory.received
                let share = ErrorLimits.share(
                  of: received, pixels.limits[pixel])
                memory.forget(share)
                let point = pixels.points[pixel]
                entry = chooser.nearest(
                  to: point + received * share, from: known,
                  isOpaque: kind == DitherColors.Class.opaque.rawValue)
                rest = (point - chooser.all.points[entry]) * strength
              }
              memory.add(rest)
              start[y * width + x] = UInt16(truncatingIfNeeded: entry)
            }
          }
        }
      }
    }
  }
}
