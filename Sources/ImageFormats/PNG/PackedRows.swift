/// Writes the bytes of some pixels' indices.
///
/// - Parameters:
///   - pixels: Which, row by row.
///   - room: Room for as many bytes.
public typealias IndexWriter =
  @Sendable (
    _ pixels: Range<Int>, _ room: UnsafeMutableBufferPointer<UInt8>
  ) -> Void

/// The rows of a palette image as bytes one behind the other: for each row its
/// filter, which is none, and its packed indices.
struct PackedRows {
  /// The pixels of a row.
  let width: Int

  /// The bits of a pixel.
  let bitDepth: Int

  /// The bytes of a row.
  var rowBytes: Int { 1 + (width * bitDepth + 7) / 8 }

  /// Writes some of the bytes.
  ///
  /// - Parameters:
  ///   - range: Which.
  ///   - indices: Writes indices of pixels.
  ///   - room: Room for the bytes.
  /// - Returns: The greatest index.
  /// - Complexity: O(bytes).
  func write(
    _ range: Range<Int>, of indices: IndexWriter,
    to room: UnsafeMutableBufferPointer<UInt8>
  ) -> UInt8 {
    var greatest: UInt8 = 0
    var place = range.lowerBound
    while place < range.upperBound {
      let (row, column) = place.quotientAndRemainder(dividingBy: rowBytes)
      let end = min(range.upperBound, (row + 1) * rowBytes)
      var bytes = UnsafeMutableBufferPointer(
        rebasing: room[place - range.lowerBound..<end - range.lowerBound])
      place = end
      if column == 0 {
        bytes[0] = 0
        bytes = UnsafeMutableBufferPointer(rebasing: bytes[1...])
      }
      guard !bytes.isEmpty else { continue }
      let pixels = 8 / bitDepth
      let first = max(0, column - 1) * pixels
      let last = min(width, first + bytes.count * pixels)
      greatest = max(
        greatest,
        pack(row * width + first..<row * width + last, of: indices, to: bytes))
    }
    return greatest
  }

  /// Writes the bytes of some pixels of a row.
  private func pack(
    _ pixels: Range<Int>, of indices: IndexWriter,
    to bytes: UnsafeMutableBufferPointer<UInt8>
  ) -> UInt8 {
    guard bitDepth < 8 else {
      indices(pixels, bytes)
      return Self.greatest(UnsafeBufferPointer(bytes))
    }
    return withUnsafeTemporaryAllocation(
      of: UInt8.self, capacity: pixels.count
    ) { room in
      indices(pixels, room)
      PaletteRows.pack(UnsafeBufferPointer(room), bitDepth, bytes)
      return Self.greatest(UnsafeBufferPointer(room))
    }
  }

  private static func greatest(_ indices: UnsafeBufferPointer<UInt8>) -> UInt8 {
    var greatest: UInt8 = 0
    for index in indices { greatest = max(greatest, index) }
    return greatest
  }
}
