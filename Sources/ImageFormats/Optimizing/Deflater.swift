import CDeflate

/// Compresses harder than zlib does, or faster.
///
/// The same bytes and level give the same stream with the same version of
/// libdeflate.
struct Deflater: ~Copyable {
  private let handle: OpaquePointer

  /// Prepares a compressor.
  ///
  /// - Parameter level: 0, not at all, to 12, the hardest. `nil` is given where
  ///   there is no memory.
  init?(level: Int32) {
    guard let handle = libdeflate_alloc_compressor(level) else { return nil }
    self.handle = handle
  }

  deinit { libdeflate_free_compressor(handle) }

  /// Compresses some bytes to a zlib stream (RFC 1950).
  ///
  /// - Complexity: O(bytes); memory for as many again.
  func compress(_ bytes: [UInt8]) -> [UInt8] {
    let most = libdeflate_zlib_compress_bound(handle, bytes.count)
    return [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
      count = libdeflate_zlib_compress(
        handle, bytes, bytes.count, buffer.baseAddress, most)
    }
  }

  /// Compresses some bytes to a deflate stream (RFC 1951).
  ///
  /// - Complexity: O(bytes); memory for as many again.
  func deflate(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    let most = libdeflate_deflate_compress_bound(handle, bytes.count)
    return [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
      count = libdeflate_deflate_compress(
        handle, bytes.baseAddress, bytes.count, buffer.baseAddress, most)
    }
  }
}
