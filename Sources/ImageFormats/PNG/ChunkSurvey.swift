/// A look at a large PNG before it is read into memory.
public enum ChunkSurvey {
  /// Walks the chunks by their lengths, without their contents.
  ///
  /// - Parameters:
  ///   - limits: What the file may ask for.
  ///   - bytes: Gives bytes at an offset of the file: at most so many, none
  ///     behind its end.
  /// - Returns: Why the file is refused, or `nil`: what is no PNG, and what is
  ///   broken, is for the decoder to see.
  /// - Complexity: O(chunks).
  public static func refusal(
    _ limits: DecodeLimits, bytes: (_ offset: Int, _ count: Int) -> [UInt8]
  ) -> DecodeError? {
    let start = bytes(0, 24)
    guard start.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      start.has("IHDR", at: 12),
      let width = start.number(at: 16, count: 4, .big),
      let height = start.number(at: 20, count: 4, .big)
    else { return nil }
    // Of more than 31 bits they are broken, which is for libpng to say.
    guard max(width, height) <= Int(Int32.max) else { return nil }
    guard width * height <= limits.pixels else {
      return .tooLarge(
        width: width, height: height, maximumPixels: limits.pixels)
    }
    var offset = 8
    // Files of more chunks are read as they are.
    for _ in 0..<100_000 {
      let header = bytes(offset, 8)
      guard let length = header.number(at: 0, count: 4, .big),
        header.count == 8, !header.has("IEND", at: 4)
      else { return nil }
      if length > limits.metadataBytes, !header.has("IDAT", at: 4) {
        let name = String(decoding: header[4...], as: UTF8.self)
        return .metadataTooLarge(
          format: .png, what: "a chunk \(name)",
          maximumBytes: limits.metadataBytes)
      }
      offset += length + 12
    }
    return nil
  }
}
