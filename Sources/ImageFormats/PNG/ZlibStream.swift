import CImageShims

/// Inflating within bounds.
enum ZlibStream {
  /// The first bytes of what a stream holds.
  ///
  /// - Parameters:
  ///   - stream: A zlib stream (RFC 1950); bytes behind it are ignored.
  ///   - count: How many; no memory is taken for more.
  /// - Returns: `nil` when the stream is damaged or holds fewer.
  static func inflate(_ stream: [UInt8], prefix count: Int) -> [UInt8]? {
    let bytes = inflate(stream, atMost: count)
    return bytes?.count == count ? bytes : nil
  }

  /// What a stream holds.
  ///
  /// - Parameters:
  ///   - stream: A zlib stream (RFC 1950); bytes behind it are ignored.
  ///   - limit: From which size on all is not wanted.
  /// - Returns: All of it; the first `limit` + 1 bytes where there are more;
  ///   `nil` when the stream is damaged so far.
  static func inflate(_ stream: [UInt8], beyond limit: Int) -> [UInt8]? {
    // Deflate squeezes no 1,032 bytes into less than one.
    let (most, overflow) = stream.count.multipliedReportingOverflow(by: 1_032)
    return inflate(stream, atMost: min(limit, overflow ? limit : most) + 1)
  }

  /// What a stream holds, or the beginning of it.
  ///
  /// - Parameters:
  ///   - stream: A zlib stream (RFC 1950); bytes behind it are ignored.
  ///   - count: The most bytes to give.
  /// - Returns: `nil` when the stream is damaged so far.
  static func inflate(_ stream: [UInt8], atMost count: Int) -> [UInt8]? {
    guard count > 0, qz_can_allocate(count) != 0 else { return nil }
    var isSound = false
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { room, used in
      var written = count
      let status = qz_inflate(
        stream, stream.count, room.baseAddress, &written)
      isSound = status == QZ_OK || status == QZ_NO_MEMORY && written == count
      used = written
    }
    return isSound ? bytes : nil
  }
}
