/// Samples of fewer than 8 bits: how a screen of low depth would show them.
///
/// A sample of 8 − n bits is shown with its first n bits repeated behind it, so
/// that 0 stays 0 and the largest becomes 255.
public struct Posterization: Hashable, Sendable {
  /// How many bits can be given up.
  public static let range = 0...4

  /// All 8 bits.
  public static let none = Posterization(unchecked: 0)

  /// n, the bits that are given up.
  public let bits: Int

  /// Checks a number of bits.
  ///
  /// - Parameter bits: 0 to 4.
  /// - Throws: `QuantizationError.posterization` outside ``range``.
  public init(bits: Int) throws(QuantizationError) {
    guard Self.range.contains(bits) else { throw .posterization(bits) }
    self.bits = bits
  }

  private init(unchecked bits: Int) {
    self.bits = bits
  }

  /// The least sample above 0.
  var leastAboveZero: UInt8 { level(1) }

  /// The sample nearest to a number.
  ///
  /// - Parameter value: 0 to 255.
  /// - Returns: One of the 2^(8 − n) samples; of two equally near ones the
  ///   larger.
  public func nearest(to value: Double) -> UInt8 {
    guard bits > 0 else { return UInt8(value.rounded()) }
    let middle = Int(value) >> bits
    let least = max(0, middle - 1)
    let most = min(255 >> bits, middle + 1)
    var best = level(least)
    for number in least...most {
      let sample = level(number)
      if abs(Double(sample) - value) <= abs(Double(best) - value) {
        best = sample
      }
    }
    return best
  }

  /// The sample with a number, 0 to 2^(8 − n) − 1.
  private func level(_ number: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: number << bits | (number << bits) >> (8 - bits))
  }
}
