import ColorModels

/// Paint.NET's palettes (its documentation, "Working with Palettes"): one
/// `aarrggbb` a line, comments behind a semicolon. It shows the first 96.
enum PaintNETPalette {
  static let traits = PaletteTraits(
    name: "Paint.NET palette", alpha: .any, read: read,
    write: write(_:title:))

  static func read(_ bytes: [UInt8]) throws(PaletteFileError) -> [PaletteColor]
  {
    var colors: [PaletteColor] = []
    for (number, line) in TextLines(bytes).lines {
      let text = TextLines.trimmed(line.prefix { $0 != ";" })
      if text.isEmpty { continue }
      // Alpha stands first here.
      let digits =
        text.utf8.count == 8 ? text.dropFirst(2) + text.prefix(2) : text[...]
      guard [6, 8].contains(text.utf8.count),
        let color = CSSColor(digits: digits)
      else {
        throw .line(
          .txt, number,
          reason: "expected aarrggbb, not " + TextLines.quoted(text))
      }
      colors.append(PaletteColor(color: color.color, alpha: color.alpha))
    }
    return colors
  }

  static func write(_ colors: [PaletteColor], title: String) -> [UInt8] {
    var text = "; Paint.NET Palette File\r\n"
    if let title = TextLines.oneLine(title) { text += "; \(title)\r\n" }
    for entry in colors {
      let alpha = String(entry.alpha, radix: 16)
      let digits =
        (alpha.count < 2 ? "0" : "") + alpha + entry.color.hex.dropFirst()
      text += digits.uppercased() + "\r\n"
    }
    return Array(text.utf8)
  }
}
