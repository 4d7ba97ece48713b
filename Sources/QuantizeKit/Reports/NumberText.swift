/// Numbers as a person reads them, whatever the locale.
public enum NumberText {
  /// A number with a fixed number of decimals.
  ///
  /// - Parameters:
  ///   - value: A number.
  ///   - decimals: 0 or more.
  /// - Returns: Digits with a point, and a minus sign, U+2212, before negative
  ///   ones.
  public static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
    var scale = 1
    for _ in 0..<decimals { scale *= 10 }
    let scaled = Int((abs(value) * Double(scale)).rounded())
    let sign = value < 0 && scaled > 0 ? "−" : ""
    guard decimals > 0 else { return "\(sign)\(scaled)" }
    let fraction = String(scaled % scale)
    return sign + "\(scaled / scale)."
      + String(repeating: "0", count: decimals - fraction.count) + fraction
  }

  /// A size in bytes with its unit.
  ///
  /// - Parameter count: 0 or more.
  /// - Returns: B, kB of 1,000 or MB of 1,000,000.
  public static func bytes(_ count: Int) -> String {
    switch count {
    case ..<1_000: "\(count) B"
    case ..<1_000_000: "\(fixed(Double(count) / 1_000, 1)) kB"
    default: "\(fixed(Double(count) / 1_000_000, 1)) MB"
    }
  }

  /// A number with about four digits, for quantities of many sizes.
  ///
  /// - Parameter value: A number.
  /// - Returns: Two to five decimals.
  public static func significant(_ value: Double) -> String {
    fixed(value, abs(value) >= 10 ? 2 : abs(value) >= 1 ? 3 : 5)
  }
}
