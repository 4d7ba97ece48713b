/// Colours for numbers from 0 to 1, dark to bright, and the legend that shows
/// which is which.
public enum ColorLegend {
  /// The rows of the legend.
  public static let height = 32

  /// Colours at equal steps: black, blue, purple, orange, pale yellow.
  private static let stops: [SIMD3<Double>] = [
    SIMD3(0, 0, 0), SIMD3(30, 40, 120), SIMD3(150, 40, 130),
    SIMD3(240, 120, 50), SIMD3(255, 250, 190),
  ]

  private static let bar = 4..<18
  private static let digits = 22..<29

  /// The digits that the legend needs, 5 × 7 pixels each, a byte a row.
  private static let zero: [UInt8] = [14, 17, 17, 17, 17, 17, 14]
  private static let one: [UInt8] = [4, 12, 4, 4, 4, 4, 14]

  /// Colours of 256 steps.
  private static let table: [[UInt8]] = (0..<256).map { step in
    let place = Double(step) / 255 * Double(stops.count - 1)
    let lower = min(stops.count - 2, Int(place))
    let share = place - Double(lower)
    let color = stops[lower] * (1 - share) + stops[lower + 1] * share
    return (0..<3).map { UInt8(color[$0].rounded()) }
  }

  /// The red, green and blue of a number from 0 to 1; others are clamped.
  static func color(of value: Double) -> [UInt8] {
    table[Int((min(1, max(0, value)) * 255).rounded())]
  }

  /// The rows of a legend: a bar from 0 to 1, left to right, with ticks at each
  /// quarter, and the numbers 0 and 1 where there is room.
  ///
  /// - Parameter width: Pixels in a row, at least 1.
  /// - Returns: Red, green and blue of ``height`` rows, on black.
  static func rows(width: Int) -> [UInt8] {
    var samples = [UInt8](repeating: 0, count: 3 * width * height)
    func set(_ x: Int, _ y: Int, _ color: [UInt8]) {
      guard x >= 0, x < width else { return }
      for d in 0..<3 { samples[3 * (y * width + x) + d] = color[d] }
    }
    for y in bar {
      for x in 0..<width {
        set(x, y, color(of: Double(x) / Double(max(1, width - 1))))
      }
    }
    let white: [UInt8] = [255, 255, 255]
    for quarter in 0...4 {
      for y in bar.upperBound..<bar.upperBound + 3 {
        set((width - 1) * quarter / 4, y, white)
      }
    }
    if width >= 16 {
      for (glyph, left) in [(zero, 1), (one, width - 6)] {
        for (y, bits) in zip(digits, glyph) {
          for x in 0..<5 where bits >> UInt8(4 - x) & 1 == 1 {
            set(left + x, y, white)
          }
        }
      }
    }
    return samples
  }
}
