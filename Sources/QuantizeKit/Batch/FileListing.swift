public import ImageFormats
public import SystemPackage

/// Lists of files: names that end in NUL or, where there is none, in a line
/// break.
public enum FileListing {
  /// Reads a list.
  ///
  /// - Parameters:
  ///   - location: A file or standard input.
  ///   - limits: How many bytes it may have.
  /// - Returns: The names in their order, empty ones left out.
  /// - Throws: `QuantizeError.unreadable`, `.inputOutput` or `.inputTooLarge`.
  public static func read(
    _ location: FileLocation, limits: DecodeLimits = DecodeLimits()
  ) throws(QuantizeError) -> [FilePath] {
    names(in: try InputFile.read(location) { _ in .text(limits) })
  }

  /// The names in a list.
  package static func names(in bytes: [UInt8]) -> [FilePath] {
    let end: UInt8 = bytes.contains(0) ? 0 : UInt8(ascii: "\n")
    return bytes.split(separator: end).compactMap { name in
      var name = name
      if end != 0, name.last == UInt8(ascii: "\r") { name.removeLast() }
      guard !name.isEmpty else { return nil }
      // What is not UTF-8 stays as it is.
      return (name.map { CInterop.PlatformChar(bitPattern: $0) } + [0])
        .withUnsafeBufferPointer { buffer in
          buffer.baseAddress.map { FilePath(platformString: $0) }
        }
    }
  }
}
