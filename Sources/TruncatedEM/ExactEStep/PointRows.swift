/// Four points, each with its coordinates one after the other, to be added to rows
/// of statistics many coordinates at a time.
struct PointRows {
  private let dimension: Int
  private let coordinates: UnsafeMutablePointer<Double>

  /// Allocates room.
  init(dimension: Int) {
    self.dimension = dimension
    coordinates = .allocate(capacity: 4 * dimension)
  }

  /// Frees the memory.
  func deallocate() { coordinates.deallocate() }

  /// Takes the four points from `n` on.
  @inline(__always)
  func load(_ points: UnsafePoints, _ n: Int) {
    for d in 0..<dimension {
      let lanes = points.lanes(n, d)
      for lane in 0..<4 { coordinates[lane * dimension + d] = lanes[lane] }
    }
  }

  /// Adds a share of a point to D sums.
  @inline(__always)
  func add(
    _ share: Double, ofPoint lane: Int, to sums: UnsafeMutablePointer<Double>
  ) {
    let point = coordinates + lane * dimension
    let vector = SIMD4(repeating: share)
    var d = 0
    while d + 4 <= dimension {
      let place = UnsafeMutableRawPointer(sums + d)
      let sum =
        place.loadUnaligned(as: SIMD4<Double>.self)
        + vector
        * UnsafeRawPointer(point + d).loadUnaligned(as: SIMD4<Double>.self)
      place.storeBytes(of: sum, as: SIMD4<Double>.self)
      d += 4
    }
    while d < dimension {
      sums[d] += share * point[d]
      d += 1
    }
  }

  /// |y − μ|² of a point.
  @inline(__always)
  func squaredDistance(
    ofPoint lane: Int, to mean: UnsafePointer<Double>
  ) -> Double {
    Ball.squaredDistance(
      UnsafePointer(coordinates + lane * dimension), mean, dimension)
  }
}
