import ImageFormats

/// What ImageJ reads of a TIFF that it wrote itself, and so of others that have the
/// same: how many slices there are, how they are shown and what they are called
/// (ij.io.TiffEncoder and TiffDecoder of ImageJ 1.53).
enum ImageJMetadata {
  /// The description of the first page.
  static func description(_ file: GreyTIFF) -> String {
    let count = file.names.count
    return """
      ImageJ=1.53t
      images=\(count)
      \(count > 1 ? "slices=\(count)\n" : "")loop=false
      min=0.0
      max=\(max(1, file.brightest))
      info=\(file.description)

      """
  }

  /// The fields that hold the names of slices.
  ///
  /// - Parameter names: One a slice; none for one that needs none.
  /// - Returns: Two fields, or none.
  static func tags(ofSlices names: [String]) -> [TIFFTag] {
    guard !names.isEmpty else { return [] }
    // Numbers and text are in the order of bytes of the file, which is written
    // with the lowest first.
    var header: [UInt8] = []
    header.append(littleEndian: Self.number("IJIJ"))
    header.append(littleEndian: Self.number("labl"))
    header.append(littleEndian: UInt32(truncatingIfNeeded: names.count))
    let texts = names.map { Array($0.utf16).littleEndianBytes }
    let counts = ([header.count] + texts.map(\.count)).map {
      UInt32(truncatingIfNeeded: $0)
    }
    let bytes = header + texts.flatMap(\.self)
    return [
      TIFFTag(
        number: 50_838, count: counts.count,
        bytes: counts.withUnsafeBytes { [UInt8]($0) }),
      TIFFTag(number: 50_839, count: bytes.count, bytes: bytes),
    ]
  }

  /// Four letters as a number.
  private static func number(_ letters: String) -> UInt32 {
    letters.utf8.reduce(0) { $0 << 8 | UInt32($1) }
  }
}
