/// Dropping an alpha channel that says nothing.
enum AlphaChannel {
  /// Whether the fourth sample of each of `pixelCount` pixels is 255.
  ///
  /// - Complexity: O(`pixelCount`), less when a transparent pixel comes early.
  static func isOpaque(
    _ samples: UnsafePointer<UInt8>, pixelCount: Int
  ) -> Bool {
    let pixels = UnsafeRawPointer(samples)
    let opaque = UInt32(littleEndian: 0xff00_0000)
    var start = 0
    // In blocks, so that the inner loop has no way out and becomes SIMD.
    while start < pixelCount {
      let end = min(start + 4_096, pixelCount)
      var common = opaque
      for i in start..<end {
        common &= pixels.loadUnaligned(fromByteOffset: 4 * i, as: UInt32.self)
      }
      if common != opaque { return false }
      start = end
    }
    return true
  }

  /// Moves the first three samples of each pixel together, in place.
  ///
  /// - Complexity: O(`pixelCount`).
  static func drop(_ samples: UnsafeMutablePointer<UInt8>, pixelCount: Int) {
    for i in 0..<pixelCount {
      let (red, green, blue) =
        (samples[4 * i], samples[4 * i + 1], samples[4 * i + 2])
      samples[3 * i] = red
      samples[3 * i + 1] = green
      samples[3 * i + 2] = blue
    }
  }
}
