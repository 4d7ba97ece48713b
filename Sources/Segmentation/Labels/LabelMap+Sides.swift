import Regions

extension LabelMap {
  /// Calls `body` with each two pixels that share a side and have different
  /// labels, the left or upper one first; row by row from the top.
  ///
  /// - Complexity: O(pixels).
  @inline(__always)
  func forEachSide(_ body: (_ first: Int, _ second: Int) -> Void) {
    let (width, height) = (size.width, pageHeight)
    labels.withUnsafeBufferPointer { labels in
      var (column, row) = (0, 0)
      for i in 0..<labels.count {
        let own = labels[i]
        if column + 1 < width, labels[i + 1] != own { body(i, i + 1) }
        if row + 1 < height, labels[i + width] != own {
          body(i, i + width)
        }
        column += 1
        if column == width {
          column = 0
          row = row + 1 == height ? 0 : row + 1
        }
      }
    }
  }
}
