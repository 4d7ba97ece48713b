/// Finds the value of a code among sorted ones.
///
/// The upper bits of a code say which codes to look among; there it is found by
/// halving.
struct RankLookup<Value: FixedWidthInteger & Sendable>: Sendable {
  private let codes: [UInt64]
  private let values: [Value]

  /// For each value of the upper bits the first code that has it, and one more
  /// entry for the end.
  private let starts: [UInt32]

  /// How far the upper bits are up.
  private let shift: UInt64

  private static var mostUpperBits: Int { 16 }

  /// Prepares to look up.
  ///
  /// - Parameters:
  ///   - codes: Ascending, of `bits` bits, fewer than 2³².
  ///   - values: The value of each.
  ///   - bits: 16 to 64.
  init(_ codes: [UInt64], _ values: [Value], bits: Int) {
    // A large table for few codes takes longer to fill than it saves.
    let upperBits = min(
      Self.mostUpperBits, codes.count.bitWidth - codes.count.leadingZeroBitCount
    )
    let shift = UInt64(bits - upperBits)
    var starts = [UInt32](repeating: 0, count: 1 << upperBits + 1)
    for code in codes { starts[Int(code >> shift) + 1] += 1 }
    for n in 1..<starts.count { starts[n] += starts[n - 1] }
    self.codes = codes
    self.values = values
    self.starts = starts
    self.shift = shift
  }

  /// Replaces codes by their values.
  ///
  /// - Parameters:
  ///   - wanted: Codes that are all among the sorted ones.
  ///   - body: Gets the place in `wanted` and the value.
  /// - Complexity: O(log codes) each.
  @inline(__always)
  func forEach(
    _ wanted: UnsafeBufferPointer<UInt64>,
    _ body: (_ place: Int, _ value: Value) -> Void
  ) {
    codes.withUnsafeBufferPointer { codes in
      var last: UInt64?
      var value: Value = 0
      for (place, code) in wanted.enumerated() {
        // Neighbours often have the same colour.
        if code != last {
          last = code
          let upper = Int(code >> shift)
          var low = Int(starts[upper])
          var high = Int(starts[upper + 1])
          while high - low > 1 {
            let middle = (low + high) / 2
            if codes[middle] <= code { low = middle } else { high = middle }
          }
          value = values[low]
        }
        body(place, value)
      }
    }
  }
}
