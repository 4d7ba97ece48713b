import ParallelWork

extension WeightedPoints {
  /// Cuts the points into ranges to work on at once.
  ///
  /// The cuts depend on the points alone, never on the number of threads.
  /// Bounds are multiples of `lanes`; the last range may run past the last
  /// point, into the padding.
  ///
  /// - Parameters:
  ///   - size: No range but a single one is smaller.
  ///   - most: The largest number of ranges.
  /// - Returns: Ranges that follow each other and cover all points.
  func pieces(ofAtLeast size: Int, most: Int) -> [Range<Int>] {
    let pieces = max(1, min(most, count / size))
    let blocks = (count + Self.lanes - 1) / Self.lanes
    return (0..<pieces).map { piece in
      let share = (0..<blocks).piece(piece, of: pieces)
      return share.lowerBound * Self.lanes..<share.upperBound * Self.lanes
    }
  }
}
