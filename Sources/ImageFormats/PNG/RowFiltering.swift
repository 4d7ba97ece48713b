import CLibrary

/// Filters one row of a PNG at a time, by one type of filter or by all of them (PNG
/// specification, third edition, section 9).
struct RowFiltering {
  let stride: Int
  let pixelBytes: Int

  /// The last row by each type; those that were asked for are true.
  private(set) var results: [[UInt8]]

  /// n log₂ n, once it is needed.
  private var terms: [Double] = []

  /// The row in which a pair of bytes was last seen, counted from 1.
  private var seen: [UInt32] = []
  private var turn: UInt32 = 0

  init(stride: Int, pixelBytes: Int) {
    self.stride = stride
    self.pixelBytes = pixelBytes
    results = [[UInt8]](
      repeating: [UInt8](repeating: 0, count: stride), count: 5)
  }

  /// Copies the last row by a type.
  func copyResult(_ type: Int, to place: UnsafeMutablePointer<UInt8>) {
    results[type].withUnsafeBufferPointer { result in
      guard let start = result.baseAddress else { return }
      place.update(from: start, count: stride)
    }
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
        for i in first..<stride { result[i] = row[i] &- row[i &- width] }
      case 2:
        for i in 0..<stride { result[i] = row[i] &- above[i] }
      case 3:
        for i in 0..<first { result[i] = row[i] &- above[i] / 2 }
        for i in first..<stride {
          let sum = UInt16(row[i &- width]) &+ UInt16(above[i])
          result[i] = row[i] &- UInt8(truncatingIfNeeded: sum &>> 1)
        }
      default:
        // Left of the row everything is 0: the nearest is what is above.
        for i in 0..<first { result[i] = row[i] &- above[i] }
        for i in first..<stride {
          result[i] =
            row[i]
            &- Self.paeth(row[i &- width], above[i], above[i &- width])
        }
      }
    }
  }

  /// The nearest to left + above − corner; of equally near ones the first.
  @inline(__always)
  private static func paeth(
    _ left: UInt8, _ above: UInt8, _ corner: UInt8
  ) -> UInt8 {
    let (a, b, c) = (Int16(left), Int16(above), Int16(corner))
    let (down, across) = (b &- c, a &- c)
    let both = down &+ across
    // Without branches, so that many are computed at once.
    let toLeft = max(down, 0 &- down)
    let toAbove = max(across, 0 &- across)
    let toCorner = max(both, 0 &- both)
    let other = toAbove <= toCorner ? above : corner
    return toLeft <= min(toAbove, toCorner) ? left : other
  }

  private func magnitudes(_ type: Int) -> Double {
    results[type].withUnsafeBufferPointer { bytes in
      var sum: UInt32 = 0
      // A row has fewer than 2³¹ pixels, and no sum is compared beyond 2³².
      for byte in bytes { sum &+= UInt32(min(byte, 0 &- byte)) }
      return Double(sum)
    }
  }

  private mutating func entropy(_ type: Int) -> Double {
    if terms.isEmpty {
      terms = (0...stride).map { $0 == 0 ? 0 : Double($0) * log2(Double($0)) }
    }
    return withUnsafeTemporaryAllocation(of: Int32.self, capacity: 256) {
      counts in
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
