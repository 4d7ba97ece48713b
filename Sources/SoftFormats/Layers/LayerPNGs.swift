import ImageFormats
import ParallelWork
import Segmentation

/// PNGs of all layers of an image, and of the image, which are written side by side.
struct LayerPNGs {
  private let files: [LayerPNG]
  private let workers: Workers

  /// Begins them.
  ///
  /// - Parameters:
  ///   - image: The layers.
  ///   - isWhole: Whether the picture itself is one more, behind the layers.
  /// - Throws: `SoftFormatError.encode`.
  init(_ image: LayerImage, andPicture isWhole: Bool) throws(SoftFormatError) {
    var files: [LayerPNG] = []
    for _ in image.names {
      files.append(try image.png(hasAlpha: image.split.channels == .rgba))
    }
    if isWhole { files.append(try image.png(hasAlpha: image.hasAlpha)) }
    self.files = files
    workers = Workers(threads: image.split.threads)
  }

  /// Writes a strip.
  ///
  /// - Returns: The next bytes of each file.
  /// - Throws: `SoftFormatError.encode`.
  func write(
    _ strip: LayerStrip, hasAlpha: Bool
  ) throws(SoftFormatError) -> [[UInt8]] {
    try each { [files] n throws(EncodeError) in
      try files[n].write(
        n < strip.count
          ? strip.fileBytes(of: n)
          : strip.pixels.fileBytes(hasAlpha: hasAlpha))
    }
  }

  /// Ends the files.
  ///
  /// - Returns: The last bytes of each.
  /// - Throws: `SoftFormatError.encode`.
  func finish() throws(SoftFormatError) -> [[UInt8]] {
    try each { [files] n throws(EncodeError) in try files[n].finish() }
  }

  private func each(
    _ body: @Sendable (Int) throws(EncodeError) -> [UInt8]
  ) throws(SoftFormatError) -> [[UInt8]] {
    let results = WorkMeter.silently {
      workers.map(files.count) { n in
        Result { () throws(EncodeError) in try body(n) }
      }
    }
    var parts: [[UInt8]] = []
    for result in results {
      do {
        parts.append(try result.get())
      } catch {
        throw .encode(error)
      }
    }
    return parts
  }
}
