import Rasters

/// Microsoft's palettes in RIFF ("Multimedia Programming Interface and Data
/// Specifications 1.0", 1991, "Palette File Format"): a LOGPALETTE of red,
/// green, blue and flags. Only read.
enum RIFFPalette {
  /// Whether a file is one.
  static func isRecognized(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: Array("RIFF".utf8)) && bytes.count >= 12
      && bytes[8..<12].elementsEqual(Array("PAL ".utf8))
  }

  static func read(_ bytes: [UInt8]) throws(PaletteFileError) -> [PaletteColor]
  {
    var cursor = ByteCursor(bytes.dropFirst(12))
    while let mark = cursor.bytes(4),
      let size = cursor.littleEndian(UInt32.self)
    {
      guard let body = cursor.bytes(Int(size)) else {
        throw .damaged(.pal, reason: "the file is cut off")
      }
      guard mark.elementsEqual(Array("data".utf8)) else {
        // Chunks begin at even places.
        _ = cursor.bytes(Int(size & 1))
        continue
      }
      var entries = ByteCursor(body)
      guard entries.littleEndian(UInt16.self) == 0x0300,
        let count = entries.littleEndian(UInt16.self),
        let colors = entries.bytes(4 * Int(count))
      else { throw .damaged(.pal, reason: "its table is too short") }
      return stride(from: colors.startIndex, to: colors.endIndex, by: 4).map {
        PaletteColor(
          color: RGBColor(
            red: colors[$0], green: colors[$0 + 1], blue: colors[$0 + 2]))
      }
    }
    throw .damaged(.pal, reason: "its table is missing")
  }
}
