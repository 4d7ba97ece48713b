/// The entries of a palette as points of the working space, made for finding
/// the nearest to points that are near a known one.
///
/// Each entry has its nearest neighbours in order. An entry that is farther
/// from the known one than twice the point is cannot be nearer to the point, so
/// few are looked at.
package struct DitherPalette: Sendable {
  /// The points.
  package let points: [SIMD4<Float>]

  /// The distance of each entry to its nearest neighbour; infinite where there
  /// is none.
  package let spacing: [Float]

  /// Neighbours of each entry, nearest first, `width` of them.
  private let neighbours: [UInt16]
  private let neighbourPoints: [SIMD4<Float>]

  /// Their distances.
  private let distances: [Float]

  /// The same as one vector for each coordinate of four neighbours.
  private let coordinates: [SIMD4<Float>]

  private let width: Int

  /// The most neighbours an entry has; beyond them all entries are looked at.
  private static let mostNeighbours = 96

  /// Prepares to search.
  ///
  /// - Parameter points: The entries, at least one.
  /// - Complexity: O(entries²).
  package init(_ points: [SIMD4<Float>]) {
    self.points = points
    let width = min(points.count - 1, Self.mostNeighbours)
    self.width = width
    let room = points.count * width
    var neighbours = [UInt16](repeating: 0, count: room)
    var distances = [Float](repeating: 0, count: room)
    var spacing = [Float](repeating: .infinity, count: points.count)
    // The bits of distances, which are not negative, are in their order, and
    // numbers are compared fastest.
    var keys = [UInt64](repeating: 0, count: points.count)
    for point in points.indices where width > 0 {
      for other in points.indices {
        let distance = Self.squared(points[other] - points[point])
        keys[other] =
          UInt64(distance.bitPattern) << 32 | UInt64(truncatingIfNeeded: other)
      }
      // Its own, which others at the same place must not stand for.
      keys[point] = .max
      keys.sortLeast(width)
      for i in 0..<width {
        neighbours[point * width + i] = UInt16(truncatingIfNeeded: keys[i])
        distances[point * width + i] = Self.distance(keys[i])
      }
      spacing[point] = distances[point * width]
    }
    self.neighbours = neighbours
    self.distances = distances
    self.spacing = spacing
    neighbourPoints = neighbours.map { points[Int($0)] }
    coordinates = Self.coordinates(of: neighbourPoints, width: width)
  }

  /// The distance in a key of the order.
  private static func distance(_ key: UInt64) -> Float {
    Float(bitPattern: UInt32(truncatingIfNeeded: key >> 32)).squareRoot()
  }

  /// The coordinates of neighbours, four by four, for those of each entry.
  private static func coordinates(
    of points: [SIMD4<Float>], width: Int
  ) -> [SIMD4<Float>] {
    guard width > 0 else { return [] }
    let stride = (width + 3) & ~3
    // What is left over is farther off than anything.
    var result = [SIMD4<Float>](
      repeating: .init(repeating: 1e18), count: points.count / width * stride)
    for (n, point) in points.enumerated() {
      let place = n / width * stride + n % width
      for axis in 0..<4 { result[place & ~3 + axis][place & 3] = point[axis] }
    }
    return result
  }

  @inline(__always)
  private static func squared(_ vector: SIMD4<Float>) -> Float {
    (vector * vector).sum()
  }

  /// An entry and those that are nearest to it.
  ///
  /// - Parameters:
  ///   - entry: Its number.
  ///   - most: At least how many are wanted, itself among them.
  /// - Returns: Their numbers, the nearest first: as many and one more, or all.
  func nearest(to entry: Int, most: Int) -> [Int] {
    let start = entry * width
    return [entry]
      + neighbours[start..<start + min(width, most)].map { Int($0) }
  }

  /// Calls `body` with a searcher that must not outlive the call.
  package func withSearcher<Result>(_ body: (Searcher) -> Result) -> Result {
    points.withUnsafeBufferPointer { points in
      neighbours.withUnsafeBufferPointer { neighbours in
        neighbourPoints.withUnsafeBufferPointer { neighbourPoints in
          distances.withUnsafeBufferPointer { distances in
            spacing.withUnsafeBufferPointer { spacing in
              coordinates.withUnsafeBufferPointer { coordinates in
                body(
                  Searcher(
                    points: points, neighbours: neighbours,
                    neighbourPoints: neighbourPoints, distances: distances,
                    spacing: spacing, coordinates: coordinates, width: width))
              }
            }
          }
        }
      }
    }
  }

  /// Finds nearest entries. Entry numbers that are given must be those of the
  /// palette.
  package struct Searcher {
    let points: UnsafeBufferPointer<SIMD4<Float>>
    fileprivate let neighbours: UnsafeBufferPointer<UInt16>
    fileprivate let neighbourPoints: UnsafeBufferPointer<SIMD4<Float>>
    fileprivate let distances: UnsafeBufferPointer<Float>
    let spacing: UnsafeBufferPointer<Float>
    fileprivate let coordinates: UnsafeBufferPointer<SIMD4<Float>>
    fileprivate let width: Int

    /// Vectors of an entry in `coordinates`.
    @inline(__always)
    private var stride: Int { (width + 3) & ~3 }

    /// How far a point can move until another entry is nearer to it.
    ///
    /// - Parameters:
    ///   - point: Any.
    ///   - entry: The entry that is nearest to it.
    ///   - direction: Where to, of length 1.
    ///   - range: Distances outside it need not be exact: one below it is some
    ///     distance below it, one above it is infinite.
    /// - Returns: The distance, infinite where the entry stays the nearest.
    func room(
      around point: SIMD4<Float>, of entry: Int, toward direction: SIMD4<Float>,
      within range: ClosedRange<Float>
    ) -> Float {
      let error = point - points[entry]
      let own = (error * error).sum()
      let ownRoot = own.squareRoot()
      var least = Float.infinity
      @inline(__always)
      func look(_ other: SIMD4<Float>) {
        let speed = 2 * ((other - points[entry]) * direction).sum()
        let difference = other - point
        let lead = (difference * difference).sum() - own
        if speed > 0, lead < least * speed { least = max(0, lead / speed) }
      }
      let start = entry * width
      // Half the way to a neighbour is the nearest that its border can be.
      for i in 0..<width {
        guard
          least >= range.lowerBound,
          distances[start + i] / 2 - ownRoot < min(least, range.upperBound)
        else {
          return least > range.upperBound ? .infinity : least
        }
        look(neighbourPoints[start + i])
      }
      if width < points.count - 1 {
        for other in points { look(other) }
      }
      return least > range.upperBound ? .infinity : least
    }

    /// The entry nearest to a point.
    ///
    /// - Parameters:
    ///   - point: Any.
    ///   - known: An entry that is near, the nearer the better.
    /// - Returns: The nearest; of equally near ones the known one, or else that
    ///   whose distance to it is least.
    @inline(__always)
    package func nearest(to point: SIMD4<Float>, from known: Int) -> Int {
      let difference = points[known] - point
      let first = (difference * difference).sum()
      // Four times as far is beyond every point that could be nearer.
      guard 4 * first > spacing[known] * spacing[known] else { return known }
      let start = known * width
      let blocks = coordinates.baseAddress.unsafelyUnwrapped + known * stride
      let own = first.squareRoot()
      var reach = 2 * own
      var least = first
      var best = known
      var i = 0
      while i < width, distances[start + i] < reach {
        let x = blocks[i] - point.x
        let y = blocks[i + 1] - point.y
        let z = blocks[i + 2] - point.z
        let w = blocks[i + 3] - point.w
        let four = (x * x + y * y) + (z * z + w * w)
        let left = min(four.x, four.y)
        let right = min(four.z, four.w)
        let distance = min(left, right)
        if distance < least {
          let lane =
            left <= right
            ? (four.x <= four.y ? 0 : 1) : (four.z <= four.w ? 2 : 3)
          least = distance
          best = Int(neighbours[start + i + lane])
          reach = own + distance.squareRoot()
        }
        i += 4
      }
      guard i >= width, width < points.count - 1 else { return best }
      for entry in 0..<points.count {
        let difference = points[entry] - point
        let distance = (difference * difference).sum()
        if distance < least {
          least = distance
          best = entry
        }
      }
      return best
    }
  }
}
