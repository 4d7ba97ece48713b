import Rasters

/// A number that tells strips of pixels apart, by all that chance may do to them.
enum StripDigest {
  /// The digest of pixels.
  ///
  /// - Complexity: O(pixels).
  static func of(_ pixels: Pixels) -> UInt64 {
    switch pixels {
    case .eight(let raster): raster.samples.withUnsafeBytes(of)
    case .sixteen(let raster): raster.samples.withUnsafeBytes(of)
    }
  }

  /// Multiplies and rotates words of eight bytes, as FNV does with single ones.
  private static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var digest = UInt64(truncatingIfNeeded: bytes.count)
    func add(_ word: UInt64) {
      digest = (digest ^ word) &* 0x9e37_79b9_7f4a_7c15
      digest ^= digest >> 29
    }
    let words = bytes.count / 8
    for word in 0..<words {
      add(bytes.loadUnaligned(fromByteOffset: 8 * word, as: UInt64.self))
    }
    for byte in bytes[(8 * words)...] { add(UInt64(byte)) }
    return digest
  }
}
