/// A colour of three 8-bit samples, encoded as sRGB (IEC 61966-2-1).
public struct RGBColor: Hashable, Sendable {
  /// The red sample, 0 to 255.
  public var red: UInt8

  /// The green sample, 0 to 255.
  public var green: UInt8

  /// The blue sample, 0 to 255.
  public var blue: UInt8

  /// Creates a colour from its samples.
  public init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// Creates a colour from its packed form, `0xRRGGBB`; the top eight bits are
  /// ignored.
  public init(packed: UInt32) {
    self.init(
      red: UInt8(truncatingIfNeeded: packed >> 16),
      green: UInt8(truncatingIfNeeded: packed >> 8),
      blue: UInt8(truncatingIfNeeded: packed))
  }

  /// Whether red, green and blue are equal.
  public var isGrey: Bool { red == green && green == blue }

  /// The colour as `0xRRGGBB`.
  public var packed: UInt32 {
    UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue)
  }

  /// The colour as CSS writes it, `#rrggbb` in lower case.
  public var hex: String {
    let digits = String(packed, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }
}
