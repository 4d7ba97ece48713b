extension PaletteRecord {
  /// The palette as a table, as CSV: what a list of beads, threads or bricks
  /// needs.
  ///
  /// - Parameter records: The entries, in the order of the palette.
  /// - Returns: The bytes of the file.
  static func table(of records: [PaletteRecord]) -> [UInt8] {
    var table = CSVWriter(columns: ["index", "name", "hex", "count", "share"])
    for (index, record) in records.enumerated() {
      table.append([
        "\(index)", record.name ?? "", record.hex, "\(record.count)",
        "\(record.share)",
      ])
    }
    return table.bytes
  }
}
