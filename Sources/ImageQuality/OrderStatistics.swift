/// Numbers by their rank, without sorting them.
enum OrderStatistics {
  /// A quantile, interpolated between the two numbers around it: that at rank
  /// p (n − 1) of the sorted numbers, counted from 0.
  ///
  /// - Parameters:
  ///   - share: p, 0 to 1.
  ///   - values: Finite numbers, none of them negative and one at least.
  /// - Returns: The quantile; 0 of no numbers.
  /// - Complexity: O(n), four passes over the numbers.
  static func quantile(_ share: Double, of values: [Float]) -> Double {
    guard !values.isEmpty else { return 0 }
    let rank = share * Double(values.count - 1)
    let lower = Int(rank)
    let upper = min(lower + 1, values.count - 1)
    let first = Double(value(ofRank: lower, in: values))
    let rest = rank - Double(lower)
    guard rest > 0 else { return first }
    return first + rest * (Double(value(ofRank: upper, in: values)) - first)
  }

  /// The number of a rank. The bits of numbers that are not negative have the
  /// order of the numbers: the upper half of them is found first, then the
  /// lower.
  private static func value(ofRank rank: Int, in values: [Float]) -> Float {
    var rest = rank
    let upper = digit(ofRank: &rest, values.lazy.map { $0.bitPattern >> 16 })
    let lower = digit(
      ofRank: &rest,
      values.lazy.filter { $0.bitPattern >> 16 == upper }
        .map { $0.bitPattern & 0xffff })
    return Float(bitPattern: upper << 16 | lower)
  }

  /// The digit of a rank; the rank becomes that among the numbers with it.
  private static func digit(
    ofRank rank: inout Int, _ digits: some Sequence<UInt32>
  ) -> UInt32 {
    var counts = [Int](repeating: 0, count: 65_536)
    for digit in digits { counts[Int(digit)] += 1 }
    var digit = 0
    while digit < counts.count - 1, counts[digit] <= rank {
      rank -= counts[digit]
      digit += 1
    }
    return UInt32(digit)
  }
}
