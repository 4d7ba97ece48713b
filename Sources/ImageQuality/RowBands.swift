/// An image cut into bands of rows, each a piece of work. They depend on the
/// image alone, so that sums do not depend on the threads.
enum RowBands {
  /// Cuts rows into bands.
  ///
  /// - Parameters:
  ///   - rows: The number of rows.
  ///   - height: The rows of a band, at least 1; the last may have fewer.
  /// - Returns: The bands from the top.
  static func cut(_ rows: Int, height: Int) -> [Range<Int>] {
    stride(from: 0, to: rows, by: height).map {
      $0..<min(rows, $0 + height)
    }
  }
}
