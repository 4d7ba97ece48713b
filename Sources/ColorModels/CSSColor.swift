public import Rasters

/// A colour as CSS writes it, with alpha (CSS Color Module Level 4, sections
/// 5.1, 5.2 and 6).
public struct CSSColor: Hashable, Sendable {
  /// Red, green and blue.
  public let color: RGBColor

  /// Alpha, not premultiplied: 0 transparent, 255 opaque.
  public let alpha: UInt8

  /// Reads a colour: `#rgb`, `#rgba`, `#rrggbb`, `#rrggbbaa`, a name,
  /// `transparent`, or `rgb()` and `rgba()` with whole numbers; gives `nil` for
  /// anything else.
  ///
  /// - Parameter text: In any case, without space around it.
  /// - Complexity: O(length).
  public init?(_ text: String) {
    if text.hasPrefix("#") {
      self.init(digits: text.dropFirst())
    } else if let color = CSSColorName.color(named: text) {
      self.init(color: color, alpha: 255)
    } else if text.lowercased() == "transparent" {
      self.init(color: RGBColor(packed: 0), alpha: 0)
    } else {
      self.init(function: text.lowercased())
    }
  }

  /// Reads 3, 4, 6 or 8 hexadecimal digits, alpha last; gives `nil` for anything
  /// else.
  ///
  /// - Parameter digits: The digits alone.
  public init?(digits: Substring) {
    guard digits.utf8.count <= 8,
      digits.utf8.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit })
    else { return nil }
    var digits = String(digits)
    if digits.count < 6 { digits = String(digits.flatMap { [$0, $0] }) }
    if digits.count == 6 { digits += "ff" }
    guard digits.count == 8, let packed = UInt32(digits, radix: 16) else {
      return nil
    }
    self.init(
      color: RGBColor(packed: packed >> 8),
      alpha: UInt8(truncatingIfNeeded: packed))
  }

  private init(color: RGBColor, alpha: UInt8) {
    self.color = color
    self.alpha = alpha
  }

  /// Reads `rgb(1, 2, 3)`, `rgb(1 2 3 / 50%)` and what is between them.
  private init?(function text: String) {
    guard text.hasSuffix(")"),
      let prefix = ["rgb(", "rgba("].first(where: text.hasPrefix)
    else { return nil }
    let parts = text.dropFirst(prefix.count).dropLast()
      .split { $0 == "," || $0 == "/" || $0.isWhitespace }
    guard (3...4).contains(parts.count) else { return nil }
    let samples = parts.prefix(3).compactMap { UInt8($0) }
    guard samples.count == 3 else { return nil }
    var alpha = 255.0
    if parts.count == 4 {
      let isPercent = parts[3].hasSuffix("%")
      guard let number = Double(isPercent ? parts[3].dropLast() : parts[3]),
        number >= 0, number <= (isPercent ? 100 : 1)
      else { return nil }
      alpha = (255 * number / (isPercent ? 100 : 1)).rounded()
    }
    self.init(
      color: RGBColor(red: samples[0], green: samples[1], blue: samples[2]),
      alpha: UInt8(alpha))
  }
}
