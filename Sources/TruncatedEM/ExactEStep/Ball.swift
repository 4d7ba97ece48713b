/// A ball that has all points of a node: what `CandidateBox` is in few
/// dimensions. In many, the corners of a box are far from all of its points.
struct Ball {
  /// Its middle, D numbers.
  let middle: UnsafeMutablePointer<Double>

  private(set) var radius = 0.0
  private let dimension: Int

  /// Allocates room.
  init(dimension: Int) {
    self.dimension = dimension
    middle = .allocate(capacity: dimension)
  }

  /// Frees the memory.
  func deallocate() { middle.deallocate() }

  /// Moves to a node.
  @inline(__always)
  mutating func move(to node: Int, of tree: UnsafeTree, lanes: Int) {
    let low = tree.bounds + node * 2 * lanes
    for d in 0..<dimension { middle[d] = 0.5 * (low[d] + low[lanes + d]) }
    radius = tree.radii[node]
  }

  /// |m − c|² for the middle m.
  @inline(__always)
  func squaredDistanceOfMiddle(to mean: UnsafePointer<Double>) -> Double {
    Self.squaredDistance(UnsafePointer(middle), mean, dimension)
  }

  /// |a − b|².
  @inline(__always)
  static func squaredDistance(
    _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ dimension: Int
  ) -> Double {
    var sums = SIMD4<Double>.zero
    var d = 0
    while d + 4 <= dimension {
      let difference =
        UnsafeRawPointer(a + d).loadUnaligned(as: SIMD4<Double>.self)
        - UnsafeRawPointer(b + d).loadUnaligned(as: SIMD4<Double>.self)
      sums += difference * difference
      d += 4
    }
    var sum = sums.sum()
    while d < dimension {
      let difference = a[d] - b[d]
      sum += difference * difference
      d += 1
    }
    return sum
  }
}
