/// Filters the rows of a PNG.
struct FilteredRows {
  /// What is compressed: for each row the filter's type and the bytes.
  private(set) var bytes: [UInt8] = []

  /// Filters rows.
  ///
  /// - Parameters:
  ///   - rows: The rows as PNG packs them, `stride` bytes each.
  ///   - stride: The bytes of a row, at least 1; divides `rows.count`.
  ///   - pixelBytes: The bytes from a sample to the same one of the pixel on the
  ///     left, 1 where pixels are smaller.
  ///   - filter: How.
  ///   - beginsAbove: Whether the first row is only what is above the others.
  /// - Complexity: O(bytes).
  init(
    _ rows: [UInt8], stride: Int, pixelBytes: Int, filter: RowFilter,
    beginsAbove: Bool = false
  ) {
    let count = rows.count / stride
    bytes.reserveCapacity(count * (stride + 1))
    var filtering = RowFiltering(stride: stride, pixelBytes: pixelBytes)
    let blank = [UInt8](repeating: 0, count: stride)
    rows.withUnsafeBufferPointer { rows in
      blank.withUnsafeBufferPointer { blank in
        for row in (beginsAbove ? 1 : 0)..<count {
          let current = UnsafeBufferPointer(
            rebasing: rows[row * stride..<(row + 1) * stride])
          let above =
            row == 0
            ? blank
            : UnsafeBufferPointer(
              rebasing: rows[(row - 1) * stride..<row * stride])
          let type = filtering.choose(filter, current, above)
          bytes.append(UInt8(truncatingIfNeeded: type))
          bytes += filtering.results[type]
        }
      }
    }
  }
}
