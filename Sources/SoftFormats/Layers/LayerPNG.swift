import ImageFormats

/// A PNG that is written strip by strip beside others.
///
/// - Note: Marked Sendable because the compiler cannot see that only one thread at a
///   time writes to it.
final class LayerPNG: @unchecked Sendable {
  private var stream: PNGStream?

  init(_ stream: consuming PNGStream) {
    self.stream = consume stream
  }

  /// Writes rows.
  ///
  /// - Returns: The next bytes of the file.
  /// - Throws: `EncodeError`.
  func write(_ rows: [UInt8]) throws(EncodeError) -> [UInt8] {
    try stream?.write(rows)
    return stream?.takeBytes() ?? []
  }

  /// Ends the file.
  ///
  /// - Returns: Its last bytes.
  /// - Throws: `EncodeError`.
  func finish() throws(EncodeError) -> [UInt8] {
    guard let last = stream.take() else { return [] }
    return try last.finish()
  }
}
