import CImageShims
public import Rasters

extension PNGEncoder {
  /// Writes numbers as a grey image of 16 bits a sample, without a word on what
  /// light they stand for.
  ///
  /// - Parameters:
  ///   - samples: A number for each pixel, rows from the top.
  ///   - size: Width and height.
  /// - Returns: The bytes of the file.
  /// - Throws: `EncodeError`: `.invalidOption`, `.tooLarge` for a side over
  ///   2,147,483,647 pixels, `.outOfMemory`, `.failed`.
  /// - Precondition: There are as many samples as pixels.
  /// - Complexity: O(pixels).
  public func encode(
    grey samples: [UInt16], size: ImageSize
  ) throws(EncodeError) -> [UInt8] {
    precondition(samples.count == size.pixelCount)
    var encoder = self
    encoder.marksSRGB = false
    var layout = qz_png_layout()
    layout.bit_depth = 16
    layout.color_type = 0
    // Samples of PNG have their high byte first.
    let bytes = [UInt8](unsafeUninitializedCapacity: 2 * samples.count) {
      buffer, filled in
      for (i, sample) in samples.enumerated() {
        buffer[2 * i] = UInt8(truncatingIfNeeded: sample >> 8)
        buffer[2 * i + 1] = UInt8(truncatingIfNeeded: sample)
      }
      filled = 2 * samples.count
    }
    return try encoder.writer(layout, size).finish(
      bytes, stride: 2 * size.width, Annotations())
  }
}
