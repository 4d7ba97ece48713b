/// Dropping an alpha channel that says nothing.
enum AlphaChannel {
  /// Whether the fourth sample of each of `pixelCount` pixels is the greatest
  /// there is.
  ///
  /// - Complexity: O(`pixelCount`), less when a transparent pixel comes early.
  static func isOpaque<Sample: FixedWidthInteger & BitwiseCopyable>(
    _ samples: UnsafePointer<Sample>, pixelCount: Int
  ) -> Bool {
    let pixels = UnsafeRawPointer(samples)
    return MemoryLayout<Sample>.size == 1
      ? isOpaque(pixels, pixelCount, UInt32(littleEndian: 0xff << 24))
      : isOpaque(pixels, pixelCount, UInt64(littleEndian: 0xffff << 48))
  }

  /// Moves the first three samples of each pixel together, in place.
  ///
  /// - Complexity: O(`pixelCount`).
  static func drop<Sample: BitwiseCopyable>(
    _ samples: UnsafeMutablePointer<Sample>, pixelCount: Int
  ) {
    for i in 0..<pixelCount {
      let (red, green, blue) =
        (samples[4 * i], samples[4 * i + 1], samples[4 * i + 2])
      samples[3 * i] = red
      samples[3 * i + 1] = green
      samples[3 * i + 2] = blue
    }
  }

  /// Whether each pixel has all the bits of `opaque`.
  private static func isOpaque<Pixel: FixedWidthInteger & BitwiseCopyable>(
    _ pixels: UnsafeRawPointer, _ pixelCount: Int, _ opaque: Pixel
  ) -> Bool {
    let width = MemoryLayout<Pixel>.size
    var start = 0
    // In blocks, so that the inner loop has no way out and becomes SIMD.
    while start < pixelCount {
      let end = min(start + 4_096, pixelCount)
      var common = opaque
      for i in start..<end {
        common &= pixels.loadUnaligned(
          fromByteOffset: width * i, as: Pixel.self)
      }
      if common != opaque { return false }
      start = end
    }
    return true
  }
}
