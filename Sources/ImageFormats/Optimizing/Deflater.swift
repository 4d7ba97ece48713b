import CDeflate

/// Compresses to zlib streams (RFC 1950), harder than zlib does.
///
/// The same bytes and level give the same stream with the same version of
/// libdeflate.
struct Deflater: ~Copyable {
  private let handle: OpaquePointer

  /// Prepares a compressor.
  ///
  /// - Parameter level: 1 to 12; 12 is the hardest. `nil` is given where there
  ///   is no memory.
  init?(level: Int32) {
    guard let handle = libdeflate_alloc_compressor(level) else { return nil }
    self.handle = handle
  }

  deinit { libdeflate_free_compressor(handle) }

  /// Compresses some bytes.
  ///
  /// - Complexity: O(bytes); memory for as many again.
  func compress(_ bytes: [UInt8]) -> [UInt8] {
    let most = libdeflate_zlib_compress_bound(handle, bytes.count)
    return [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
      count = libdeflate_zlib_compress(
        handle, bytes, bytes.count, buffer.baseAddress, most)
    }
  }
}
