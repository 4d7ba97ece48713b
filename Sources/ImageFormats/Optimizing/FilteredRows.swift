import CLibrary

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
    var filtering = Filtering(stride: stride, pixelBytes: pixelBytes)
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

/// One row at a time, by one type of filter or by all of them.
private struct Filtering {
  let stride: Int
  let pixelBytes: Int

  /// The last row by each type; those that were asked for are true.
  var results: [[UInt8]]

  /// n log₂ n.
  private let terms: [Double]

  /// The row in which a pair of bytes was last seen, counted from 1.
  private var seen: [UInt32] = []
  private var turn: UInt32 = 0

  init(stride: Int, pixelBytes: Int) {
    self.stride = stride
    self.pixelBytes = pixelBytes
    results = [[UInt8]](
      repeating: [UInt8](repeating: 0, count: stride), count: 5)
    terms = (0...stride).map { $0 == 0 ? 0 : Double($0) * log2(Double($0)) }
  }

  /// Filters a row, and says by which type.
  mutating func choose(
    _ filter: RowFilter, _ row: UnsafeBufferPointer<UInt8>,
    _ above: UnsafeBufferPointer<UInt8>
  ) -> Int {
    guard filter.rawValue > 4 else {
      apply(filter.rawValue, row, above)
      return filter.rawValue
    }
    var best = 0
    var least = Double.infinity
    for type in 0..<5 {
      apply(type, row, above)
      let cost =
        switch filter {
        case .leastSum: magnitudes(type)
        case .leastEntropy: entropy(type)
        default: pairs(type)
        }
      if cost < least { (best, least) = (type, cost) }
    }
    return best
  }

  private mutating func apply(
    _ type: Int, _ row: UnsafeBufferPointer<UInt8>,
    _ above: UnsafeBufferPointer<UInt8>
  ) {
    let (stride, width) = (stride, pixelBytes)
    let first = min(width, stride)
    results[type].withUnsafeMutableBufferPointer { result in
      switch type {
      case 0:
        for i in 0..<stride { result[i] = row[i] }
      case 1:
        for i in 0..<first { result[i] = row[i] }
        for i in first..<stride { result[i] = row[i] &- row[i - width] }
      case 2:
        for i in 0..<stride { result[i] = row[i] &- above[i] }
      case 3:
        for i in 0..<first { result[i] = row[i] &- above[i] / 2 }
        for i in first..<stride {
          let sum = UInt16(row[i - width]) + UInt16(above[i])
          result[i] = row[i] &- UInt8(truncatingIfNeeded: sum / 2)
        }
      default:
        // Left of the row everything is 0: the nearest is what is above.
        for i in 0..<first { result[i] = row[i] &- above[i] }
        for i in first..<stride {
          result[i] =
            row[i]
            &- Self.paeth(row[i - width], above[i], above[i - width])
        }
      }
    }
  }

  @inline(__always)
  private static func paeth(
    _ left: UInt8, _ above: UInt8, _ corner: UInt8
  ) -> UInt8 {
    let (a, b, c) = (Int16(left), Int16(above), Int16(corner))
    let (toLeft, toAbove, toCorner) = (
      abs(b - c), abs(a - c), abs(a + b - 2 * c)
    )
    if toLeft <= toAbove, toLeft <= toCorner { return left }
    return toAbove <= toCorner ? above : corner
  }

  private func magnitudes(_ type: Int) -> Double {
    Double(
      results[type].reduce(0) { $0 + Int(min($1, 0 &- $1)) })
  }

  private func entropy(_ type: Int) -> Double {
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: 256) { counts in
      counts.initialize(repeating: 0)
      for byte in results[type] { counts[Int(byte)] += 1 }
      // The number of bytes is the same for all types.
      return -counts.reduce(0) { $0 + terms[Int($1)] }
    }
  }

  private mutating func pairs(_ type: Int) -> Double {
    if seen.isEmpty { seen = [UInt32](repeating: 0, count: 65_536) }
    if turn == .max {
      seen = [UInt32](repeating: 0, count: 65_536)
      turn = 0
    }
    turn += 1
    var count = 0
    var pair = 0
    for byte in results[type] {
      pair = (pair << 8 | Int(byte)) & 0xffff
      if seen[pair] != turn {
        seen[pair] = turn
        count += 1
      }
    }
    return Double(count)
  }
}
