import ImageFormats

/// How much memory an image takes while it is quantised.
enum MemoryEstimate {
  /// Bytes a pixel, at most, of samples, colours, numbers and rows.
  private static let bytesAPixel = 112

  /// What the process has in use without any image.
  static let base = 64 << 20

  /// As much of a file as its header is looked for in.
  private static let headerBytes = 1 << 20

  /// Estimates.
  ///
  /// - Parameter item: An image.
  /// - Returns: Bytes; more than it takes, for most images by far. Of one whose
  ///   header cannot be read, which fails before it takes any, the file's size.
  /// - Complexity: Reads no more than the first mebibyte.
  static func bytes(_ item: BatchItem) -> Int {
    let start = try? InputFile.read(
      .file(item.input), atMost: min(headerBytes, max(1, item.state.bytes)))
    let header = start.flatMap { try? ImageDecoder.header(of: $0) }
    let pixels = header?.size.pixelCount ?? 0
    return 2 * item.state.bytes + bytesAPixel * pixels
  }
}
