/// To which pixels that come later error diffusion carries what a pixel could
/// not show.
///
/// A further kernel is a case here, whose raw value is its name on the command
/// line, and its taps.
public enum DiffusionKernel: String, CaseIterable, Sendable {
  /// R. W. Floyd and L. Steinberg, "An adaptive algorithm for spatial
  /// greyscale", Proceedings of the SID 17(2), 1976.
  case floydSteinberg = "floyd-steinberg"

  /// The three-row kernel of F. Sierra, 1989: smoother and slower.
  case sierra

  /// B. Atkinson's, of the Macintosh: carries three quarters of the error, so
  /// that light and dark areas become plain; all of it at full strength.
  case atkinson

  /// One receiver of error.
  package struct Tap: Sendable {
    /// Columns ahead, in the direction of the row, at most ``reach``; may be
    /// negative below.
    package let ahead: Int

    /// Rows below, 0 to 2.
    package let below: Int

    /// The share of the error.
    package let share: Float
  }

  /// The most columns that a receiver may be ahead or behind.
  package static let reach = 3

  /// The receivers.
  package var taps: [Tap] {
    func taps(_ rows: [[Float]], _ first: [Int], over sum: Float) -> [Tap] {
      rows.enumerated().flatMap { below, row in
        row.enumerated().map { i, weight in
          Tap(ahead: first[below] + i, below: below, share: weight / sum)
        }
      }
    }
    return switch self {
    case .floydSteinberg:
      taps([[7], [3, 5, 1]], [1, -1], over: 16)
    case .sierra:
      taps([[5, 3], [2, 4, 5, 4, 2], [2, 3, 2]], [1, -2, -1], over: 32)
    case .atkinson:
      taps([[1, 1], [1, 1, 1], [1]], [1, -1, 0], over: 8)
    }
  }

  /// The share of an error that the receivers get together.
  ///
  /// - Parameter strength: 0 to 1.
  /// - Returns: The strength; for Atkinson's kernel three quarters of it up to
  ///   the standard strength, and from there on more, up to 1.
  package func carried(_ strength: Double) -> Float {
    guard self == .atkinson else { return Float(strength) }
    let standard = DitherOptions.standardStrength
    let rest = max(0, strength - standard) / (1 - standard)
    return Float(0.75 * strength + 0.25 * rest)
  }
}
