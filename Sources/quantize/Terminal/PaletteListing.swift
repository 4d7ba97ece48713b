import QuantizeKit

/// A palette as lines for a person.
enum PaletteListing {
  /// A swatch, the colour, its share of the pixels and its name.
  ///
  /// - Parameters:
  ///   - records: The entries.
  ///   - colored: Whether the terminal shows colours; there are no swatches
  ///     otherwise.
  /// - Returns: A line an entry.
  static func text(of records: [PaletteRecord], colored: Bool) -> String {
    let width = records.map(\.hex.count).max() ?? 0
    return records.map { record in
      let share = Summary.fixed(100 * record.share, 1)
      let swatch =
        colored
        ? "\u{1b}[48;2;\(record.rgb[0]);\(record.rgb[1]);\(record.rgb[2])m"
          + "    \u{1b}[0m " : ""
      return swatch + padded(record.hex, width) + "  "
        + String(repeating: " ", count: max(0, 5 - share.count)) + share + " %"
        + (record.name.map { "  \($0)" } ?? "") + "\n"
    }.joined()
  }

  /// The colour and its name, for other programs.
  ///
  /// - Parameter records: The entries.
  /// - Returns: A line an entry: `rrggbb name`.
  static func names(of records: [PaletteRecord]) -> String {
    records.map { record in
      "\(record.hex.dropFirst())\(record.name.map { " \($0)" } ?? "")\n"
    }.joined()
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
