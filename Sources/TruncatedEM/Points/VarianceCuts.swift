/// Cuts points in two again and again, each part across the coordinate in which
/// it varies most, down to single points.
///
/// In many dimensions a Z-order curve cuts every coordinate once before points
/// that belong together are apart from others. These cuts follow the data: they
/// first separate what lies far apart. (J. L. Bentley, "Multidimensional binary
/// search trees used for associative searching", CACM 18(9), 1975, with cuts at
/// the mean.)
struct VarianceCuts {
  /// For each point the halves that it is in, the first cut's in the highest
  /// bit; points in the same half of the first cuts agree in the first bits.
  let keys: [UInt64]

  /// The points in the order of their keys; those with equal keys in the order of
  /// their numbers.
  let order: [Int32]

  /// A part's variances and the place of its cut come from about this many of
  /// its points.
  private static let mostInSample = 32

  /// Cuts points.
  ///
  /// - Complexity: O(points × (dimension + log points)).
  init(_ points: WeightedPoints) {
    let rows = Self.rows(of: points)
    var keys = [UInt64](repeating: 0, count: points.count)
    var order = (0..<points.count).map { Int32(truncatingIfNeeded: $0) }
    var sample = Sample(dimension: points.dimension)
    order.withUnsafeMutableBufferPointer { order in
      rows.withUnsafeBufferPointer { rows in
        keys.withUnsafeMutableBufferPointer { keys in
          Self.cut(order, rows, bit: 63, prefix: 0, &sample, into: keys)
        }
      }
    }
    self.keys = keys
    self.order = order
  }

  /// The points row by row, about their mean and not above 1: cuts need no more
  /// precision.
  private static func rows(of points: WeightedPoints) -> [Float] {
    let (count, dimension) = (points.count, points.dimension)
    return [Float](unsafeUninitializedCapacity: count * dimension) {
      rows, initialized in
      points.coordinates.withUnsafeBufferPointer { coordinates in
        var means = [Double](repeating: 0, count: dimension)
        var largest = 0.0
        for d in 0..<dimension {
          let plane = d * points.stride
          for n in 0..<count {
            means[d] += coordinates[plane + n] / Double(count)
          }
          for n in 0..<count {
            largest = max(largest, abs(coordinates[plane + n] - means[d]))
          }
        }
        let scale = largest > 0 ? 1 / largest : 1
        for d in 0..<dimension {
          let plane = d * points.stride
          for n in 0..<count {
            rows[n * dimension + d] = Float(
              (coordinates[plane + n] - means[d]) * scale)
          }
        }
      }
      initialized = count * dimension
    }
  }

  /// Cuts a part, and what becomes of it.
  private static func cut(
    _ part: UnsafeMutableBufferPointer<Int32>,
    _ rows: UnsafeBufferPointer<Float>, bit: Int, prefix: UInt64,
    _ sample: inout Sample, into keys: UnsafeMutableBufferPointer<UInt64>
  ) {
    var (part, bit, prefix) = (part, bit, prefix)
    while part.count > 1, bit >= 0, sample.take(part, rows) {
      let middle = partition(part, rows, sample)
      guard middle > 0, middle < part.count else { break }
      cut(
        UnsafeMutableBufferPointer(rebasing: part[..<middle]), rows,
        bit: bit - 1, prefix: prefix, &sample, into: keys)
      prefix |= 1 << UInt64(bit)
      bit -= 1
      part = UnsafeMutableBufferPointer(rebasing: part[middle...])
    }
    part.sort()
    for n in part { keys[Int(n)] = prefix }
  }

  /// Moves the points before the cut to the front.
  ///
  /// - Returns: How many there are.
  private static func partition(
    _ part: UnsafeMutableBufferPointer<Int32>,
    _ rows: UnsafeBufferPointer<Float>, _ sample: Sample
  ) -> Int {
    let (dimension, coordinate) = (sample.dimension, sample.widest)
    let cut = sample.cut
    var middle = 0
    for i in part.indices {
      let n = part[i]
      let isBefore = rows[Int(n) * dimension + coordinate] < cut
      // Which half comes next is a coin toss: no branch.
      part[i] = part[middle]
      part[middle] = n
      middle += isBefore ? 1 : 0
    }
    return middle
  }

  /// What some points of a part say of it.
  private struct Sample {
    let dimension: Int

    /// The coordinate that varies most.
    private(set) var widest = 0

    /// Its mean.
    private(set) var cut: Float = 0

    private var means: [Float]
    private var scatters: [Float]

    init(dimension: Int) {
      self.dimension = dimension
      means = [Float](repeating: 0, count: dimension)
      scatters = [Float](repeating: 0, count: dimension)
    }

    /// Looks at a part.
    ///
    /// - Returns: Whether its points differ at all.
    mutating func take(
      _ part: UnsafeMutableBufferPointer<Int32>,
      _ rows: UnsafeBufferPointer<Float>
    ) -> Bool {
      let step = max(1, part.count / VarianceCuts.mostInSample)
      if look(at: part, rows, step: step) { return true }
      return step > 1 && look(at: part, rows, step: 1)
    }

    private mutating func look(
      at part: UnsafeMutableBufferPointer<Int32>,
      _ rows: UnsafeBufferPointer<Float>, step: Int
    ) -> Bool {
      let dimension = dimension
      let count = Float((part.count + step - 1) / step)
      means.withUnsafeMutableBufferPointer { means in
        scatters.withUnsafeMutableBufferPointer { scatters in
          for d in 0..<dimension { (means[d], scatters[d]) = (0, 0) }
          for i in Swift.stride(from: 0, to: part.count, by: step) {
            let start = Int(part[i]) * dimension
            for d in 0..<dimension { means[d] += rows[start + d] }
          }
          for d in 0..<dimension { means[d] /= count }
          for i in Swift.stride(from: 0, to: part.count, by: step) {
            let start = Int(part[i]) * dimension
            for d in 0..<dimension {
              let difference = rows[start + d] - means[d]
              scatters[d] += difference * difference
            }
          }
        }
      }
      widest = 0
      for d in 1..<dimension where scatters[d] > scatters[widest] { widest = d }
      cut = means[widest]
      return scatters[widest] > 0
    }
  }
}
