extension [UInt64] {
  /// Sorts the least elements to the front; those behind them are in no order.
  ///
  /// - Parameter count: How many, at most all.
  /// - Complexity: O(n + count × log count) as a rule, O(n × log n) at most.
  package mutating func sortLeast(_ count: Int) {
    var low = 0
    var high = self.count
    // Each round mostly halves what is left; a row of bad pivots ends in a sort.
    var rounds = 2 * (Int.bitWidth - self.count.leadingZeroBitCount)
    while high - low > 16, low < count, count < high, rounds > 0 {
      let middle = split(low..<high)
      if middle <= count { low = middle } else { high = middle }
      rounds -= 1
    }
    // All below `low` are among the least, and all from `high` on are not.
    self[0..<(low < count ? high : count)].sort()
  }

  /// Splits a range into lesser and greater elements.
  ///
  /// - Returns: Where the greater ones begin, neither end of the range.
  private mutating func split(_ range: Range<Int>) -> Int {
    let (first, last) = (range.lowerBound, range.upperBound - 1)
    let (a, b, c) = (self[first], self[(first + last) / 2], self[last])
    let pivot = Swift.max(Swift.min(a, b), Swift.min(Swift.max(a, b), c))
    var (i, j) = (first, last)
    while true {
      while self[i] < pivot { i += 1 }
      while self[j] > pivot { j -= 1 }
      guard i < j else { break }
      swapAt(i, j)
      i += 1
      j -= 1
    }
    return Swift.max(i, first + 1)
  }
}
