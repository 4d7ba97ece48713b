import Rasters

/// Palettes of JASC's Paint Shop Pro: "JASC-PAL", "0100", the number of colours,
/// and a line of red, green and blue for each. Some programs write alpha behind
/// them, which is read.
enum JASCPalette {
  static let traits = PaletteTraits(
    name: "PAL palette", alpha: .none,
    recognizes: {
      $0.starts(with: "JASC-PAL".utf8) || RIFFPalette.isRecognized($0)
    },
    read: { bytes throws(PaletteFileError) in
      try RIFFPalette.isRecognized(bytes)
        ? RIFFPalette.read(bytes) : read(bytes)
    }, write: { colors, _ in write(colors) })

  static func read(_ bytes: [UInt8]) throws(PaletteFileError) -> [PaletteColor]
  {
    let lines = TextLines(bytes).lines
    for (n, mark) in ["JASC-PAL", "0100"].enumerated() {
      guard n < lines.count, lines[n].text == mark else {
        throw .line(
          .pal, n + 1,
          reason: "expected “\(mark)”; PAL palettes of JASC and RIFF are read")
      }
    }
    guard lines.count > 2, let count = Int(lines[2].text), count >= 0 else {
      throw .line(.pal, 3, reason: "expected the number of colours")
    }
    var colors: [PaletteColor] = []
    for (number, text) in lines.dropFirst(3) where !text.isEmpty {
      guard colors.count < count else {
        throw .line(
          .pal, number, reason: "there are more than \(count) colours")
      }
      let parts = text.split(whereSeparator: \.isWhitespace)
      let samples = parts.compactMap(TextLines.sample)
      guard (3...4).contains(parts.count), samples.count == parts.count else {
        throw .line(
          .pal, number,
          reason: "expected three numbers from 0 to 255, not "
            + TextLines.quoted(text))
      }
      colors.append(
        PaletteColor(
          color: RGBColor(
            red: samples[0], green: samples[1], blue: samples[2]),
          alpha: samples.count > 3 ? samples[3] : 255))
    }
    guard colors.count == count else {
      throw .damaged(
        .pal, reason: "\(colors.count) of \(count) colours are there")
    }
    return colors
  }

  static func write(_ colors: [PaletteColor]) -> [UInt8] {
    let rows = colors.map {
      "\($0.color.red) \($0.color.green) \($0.color.blue)\r\n"
    }
    return Array(
      ("JASC-PAL\r\n0100\r\n\(colors.count)\r\n" + rows.joined()).utf8)
  }
}
