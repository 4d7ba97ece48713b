import Rasters

/// GIMP's palettes (developer.gimp.org, "GIMP Palette Format Version 2"): lines
/// of red, green, blue and a name. Aseprite's have a header `Channels: RGBA`, and
/// alpha behind blue; they are read.
enum GIMPPalette {
  static let traits = PaletteTraits(
    name: "GIMP palette", hasNames: true, alpha: .none,
    recognizes: PaletteTraits.beginning(with: Array("GIMP Palette".utf8)),
    read: read, write: write(_:title:))

  /// What GIMP calls a colour without a name.
  private static let unnamed = "Untitled"

  static func read(_ bytes: [UInt8]) throws(PaletteFileError) -> [PaletteColor]
  {
    let lines = TextLines(bytes).lines
    guard lines[0].text == "GIMP Palette" else {
      throw .line(.gpl, 1, reason: "expected “GIMP Palette”")
    }
    var colors: [PaletteColor] = []
    var channels = 3
    for (number, text) in lines.dropFirst() {
      if text.isEmpty || text.hasPrefix("#") { continue }
      if colors.isEmpty, isHeader(text) {
        if text.hasPrefix("Channels:"), text.hasSuffix("RGBA") { channels = 4 }
        continue
      }
      let parts = text.split(
        maxSplits: channels, whereSeparator: \.isWhitespace)
      let samples = parts.prefix(channels).compactMap(TextLines.sample)
      guard samples.count == channels else {
        throw .line(
          .gpl, number,
          reason: "expected \(channels == 3 ? "three" : "four") numbers from 0 "
            + "to 255, not " + TextLines.quoted(text))
      }
      let name =
        parts.count > channels
        ? String(TextLines.trimmed(parts[channels])) : ""
      colors.append(
        PaletteColor(
          color: RGBColor(
            red: samples[0], green: samples[1], blue: samples[2]),
          alpha: channels == 4 ? samples[3] : 255,
          name: name.isEmpty || name == unnamed ? nil : name))
    }
    return colors
  }

  /// Whether a line before the colours is a word with a colon: `Name:`,
  /// `Columns:`, `Channels:`, and what other programs add.
  private static func isHeader(_ text: Substring) -> Bool {
    guard let colon = text.firstIndex(of: ":") else { return false }
    let word = text[..<colon]
    return !word.isEmpty && word.allSatisfy { $0.isLetter || $0 == " " }
  }

  static func write(_ colors: [PaletteColor], title: String) -> [UInt8] {
    var text = "GIMP Palette\nName: \(TextLines.oneLine(title) ?? unnamed)\n"
    text += "Columns: \(min(16, colors.count))\n#\n"
    for entry in colors {
      let samples = [entry.color.red, entry.color.green, entry.color.blue]
      text += samples.map { sample in
        let digits = String(sample)
        return String(repeating: " ", count: 3 - digits.count) + digits
      }.joined(separator: " ")
      text += "\t\(TextLines.oneLine(entry.name) ?? unnamed)\n"
    }
    return Array(text.utf8)
  }
}
