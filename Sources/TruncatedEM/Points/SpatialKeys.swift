/// Places along a Z-order curve (G. M. Morton 1966): points whose keys agree in
/// their first bits lie in the same box of a grid, and sorted by key every box
/// is one range.
///
/// A coordinate is cut to 16 bits (8 with more than 4 dimensions), and the bits
/// of all coordinates are interleaved, the first coordinate's first. The grid's
/// boxes have sides that are powers of two and corners that are multiples of
/// them wherever the points allow it, so that whole numbers from 0 to 255 are
/// ordered as their bits are. With more than
/// ``WeightedPoints/fastDimension`` dimensions the keys are those of
/// `VarianceCuts`.
struct SpatialKeys {
  /// One key a point.
  let keys: [UInt64]

  /// ``order``, if it is known.
  private let knownOrder: [Int32]?

  /// Keys that are known.
  init(keys: [UInt64]) {
    self.keys = keys
    knownOrder = nil
  }

  /// Computes the keys of points.
  ///
  /// - Complexity: O(points × dimension).
  init(_ points: WeightedPoints) {
    guard points.dimension <= WeightedPoints.fastDimension else {
      let cuts = VarianceCuts(points)
      keys = cuts.keys
      knownOrder = cuts.order
      return
    }
    let dimension = points.dimension
    let bytes = dimension <= 4 ? 2 : 1
    let levels = Double(1 << (8 * bytes))
    let tables = (0..<dimension).map { Self.table($0, of: dimension) }
    var keys = [UInt64](repeating: 0, count: points.count)
    let frame = Self.frame(of: points)
    for d in 0..<dimension {
      let origin = frame.origin[d]
      let scale = levels / frame.side
      let largest = levels - 1
      keys.withUnsafeMutableBufferPointer { keys in
        points.coordinates.withUnsafeBufferPointer { coordinates in
          tables[d].withUnsafeBufferPointer { table in
            let start = d * points.stride
            for n in 0..<keys.count {
              let place = (coordinates[start + n] - origin) * scale
              let cut = UInt64(max(0, min(largest, place)))
              var key = table[Int(cut & 0xff)]
              if bytes == 2 {
                key |= table[Int(cut >> 8)] << UInt64(8 * dimension)
              }
              keys[n] |= key
            }
          }
        }
      }
    }
    self.keys = keys
    knownOrder = nil
  }

  /// Whether the points are already in the order of their keys.
  var areSorted: Bool {
    zip(keys, keys.dropFirst()).allSatisfy { $0 <= $1 }
  }

  /// The points' numbers in the order of their keys; points with equal keys in
  /// the order of their numbers.
  ///
  /// - Complexity: O(points × log points); O(points) where the order is known.
  var order: [Int] {
    knownOrder?.map { Int($0) }
      ?? keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
  }

  /// The bits of a byte spread to every `dimension`-th place.
  private static func table(_ d: Int, of dimension: Int) -> [UInt64] {
    (0..<256).map { byte in
      (0..<8).reduce(0) { key, bit in
        let place = bit * dimension + (dimension - 1 - d)
        return key | (UInt64(byte >> bit) & 1) << UInt64(place)
      }
    }
  }

  /// The smallest cube around all points whose side is a power of two, with
  /// corners at multiples of it if there is such a one.
  private static func frame(
    of points: WeightedPoints
  ) -> (origin: [Double], side: Double) {
    var low: [Double] = []
    var high: [Double] = []
    for d in 0..<points.dimension {
      let plane = points.coordinates[
        d * points.stride..<d * points.stride + points.count]
      var least = plane[plane.startIndex]
      var greatest = least
      for value in plane {
        least = min(least, value)
        greatest = max(greatest, value)
      }
      low.append(least)
      high.append(greatest)
    }
    let extent = zip(low, high).map { $1 - $0 }.max() ?? 0
    guard extent > 0 else { return (low, 1) }
    var side = 1.0
    while side / 2 > extent, side > 1e-150 { side /= 2 }
    while side <= extent, side < 1e150 { side *= 2 }
    // A few doublings may make the corners meet; negative and positive
    // coordinates never do.
    var aligned = side
    for _ in 0..<8 {
      if zip(low, high).allSatisfy({
        ($0 / aligned).rounded(.down) == ($1 / aligned).rounded(.down)
      }) {
        return (low.map { ($0 / aligned).rounded(.down) * aligned }, aligned)
      }
      aligned *= 2
    }
    return (low, side)
  }
}
