import ColorModels

/// One colour a line: `rrggbb`, or `rrggbbaa` where it is not opaque. A `#`
/// before it and empty lines are passed over.
enum HexList {
  static let traits = PaletteTraits(
    name: "list of hex colours", alpha: .any, read: read
  ) { colors, _ in write(colors) }

  static func read(_ bytes: [UInt8]) throws(PaletteFileError) -> [PaletteColor]
  {
    var colors: [PaletteColor] = []
    for (number, text) in TextLines(bytes).lines where !text.isEmpty {
      let digits = text.hasPrefix("#") ? text.dropFirst() : text
      guard [6, 8].contains(digits.utf8.count),
        let color = CSSColor(digits: digits)
      else {
        throw .line(
          .hex, number,
          reason: "expected rrggbb, not " + TextLines.quoted(text))
      }
      colors.append(PaletteColor(color: color.color, alpha: color.alpha))
    }
    return colors
  }

  static func write(_ colors: [PaletteColor]) -> [UInt8] {
    Array(colors.map { $0.hex.dropFirst() + "\n" }.joined().utf8)
  }
}
