import Rasters

/// GIMP's palettes (developer.gimp.org, "GIMP Palette Format Version 2"): lines
/// of red, green, blue and a name.
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
    for (number, text) in lines.dropFirst() {
      if text.isEmpty || text.hasPrefix("#") { continue }
      let isHeader = text.hasPrefix("Name:") || text.hasPrefix("Columns:")
      if colors.isEmpty, isHeader { continue }
      let parts = text.split(maxSplits: 3, whereSeparator: \.isWhitespace)
      let samples = parts.prefix(3).compactMap(TextLines.sample)
      guard samples.count == 3 else {
        throw .line(
          .gpl, number,
          reason: "expected three numbers from 0 to 255, not "
            + TextLines.quoted(text))
      }
      let name = parts.count > 3 ? String(TextLines.trimmed(parts[3])) : ""
      colors.append(
        PaletteColor(
          color: RGBColor(
            red: samples[0], green: samples[1], blue: samples[2]),
          name: name.isEmpty || name == unnamed ? nil : name))
    }
    return colors
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
