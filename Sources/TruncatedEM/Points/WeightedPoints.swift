package import ParallelWork

/// Points in a space of any number of dimensions, each with a weight.
///
/// For an image the points are its distinct colours and the weights say how
/// many pixels have each: fitting those gives exactly the result of fitting
/// every pixel.
///
/// Storage is by coordinate ("planes"), which is what the kernels read:
/// coordinate `d` of point `n` is `coordinates[d * stride + n]`. Planes are
/// padded with zeros, and so are the weights, so that a kernel may read a whole
/// vector of `lanes` from any point on.
public struct WeightedPoints: Sendable {
  /// Up to this many dimensions, E-steps are the fast ones: those that leave out
  /// components by boxes. Three colour coordinates, alpha and two coordinates of
  /// position fit.
  public static let fastDimension = 6

  /// How many points a kernel reads at once.
  static let lanes = 4

  /// The number of points, at least 1.
  public let count: Int

  /// D, the number of coordinates of a point, at least 1.
  public let dimension: Int

  /// The sum of all weights, N in the equations; greater than 0.
  public let totalWeight: Double

  /// The length of a plane, see ``padded(_:)``.
  let stride: Int

  /// `dimension` planes of `stride` coordinates.
  let coordinates: [Double]

  /// `stride` weights; those of the padding are 0.
  let weights: [Double]

  /// Creates weighted points from their coordinates.
  ///
  /// - Parameters:
  ///   - coordinates: Point after point, `dimension` numbers each.
  ///   - weights: One weight for each point, or `nil` for 1 each. A weight is
  ///     finite and at least 0, and their sum is greater than 0.
  ///   - dimension: D, the number of coordinates of a point, at least 1.
  /// - Throws: `FitError.dimension`, `.noPoints`, `.weights` or `.notFinite`.
  /// - Complexity: O(points × dimension).
  public init(
    coordinates: [Double], weights: [Double]? = nil, dimension: Int
  ) throws(FitError) {
    guard dimension >= 1, coordinates.count.isMultiple(of: dimension)
    else { throw .dimension(dimension) }
    let count = coordinates.count / dimension
    guard count > 0 else { throw .noPoints }
    if let weights {
      guard weights.count == count, weights.allSatisfy({ $0 >= 0 }) else {
        throw .weights
      }
    }
    guard coordinates.allSatisfy(\.isFinite) else { throw .notFinite }
    let total = weights?.reduce(0, +) ?? Double(count)
    guard total > 0, total.isFinite else { throw .weights }

    let stride = Self.padded(count)
    var planes = [Double](repeating: 0, count: stride * dimension)
    for n in 0..<count {
      for d in 0..<dimension {
        planes[d * stride + n] = coordinates[n * dimension + d]
      }
    }
    self.init(
      count: count, dimension: dimension, planes: planes, totalWeight: total,
      weights: (weights ?? [Double](repeating: 1, count: count))
        + [Double](repeating: 0, count: stride - count))
  }

  /// Creates weighted points from coordinates in single precision, which are
  /// computed with in double precision.
  ///
  /// - Parameters:
  ///   - coordinates: Point after point, `dimension` numbers each.
  ///   - weights: One weight for each point, or `nil` for 1 each.
  ///   - dimension: D, the number of coordinates of a point, at least 1.
  /// - Throws: `FitError.dimension`, `.noPoints`, `.weights` or `.notFinite`.
  /// - Complexity: O(points × dimension).
  public init(
    coordinates: some Sequence<Float>, weights: [Float]? = nil, dimension: Int
  ) throws(FitError) {
    // A sequence, so that an array of literals is one of Double. Converted from
    // an array, because code for any sequence is slow.
    try self.init(
      coordinates: Array(coordinates).map(Double.init),
      weights: weights?.map(Double.init), dimension: dimension)
  }

  /// Creates weighted points whose coordinates and weights are written in
  /// place.
  ///
  /// - Parameters:
  ///   - count: The number of points, at least 1.
  ///   - dimension: D, the number of coordinates of a point, at least 1.
  ///   - totalWeight: The sum of the weights, greater than 0.
  ///   - fill: Gets memory for the planes, memory for the weights, and the
  ///     length of a plane. Writes coordinate `d` of every point `n` to place
  ///     `d * length + n`, finite, and its weight to place `n`, 0 or greater.
  package init(
    count: Int, dimension: Int, totalWeight: Double,
    fill: (
      _ planes: SharedMemory<Double>, _ weights: SharedMemory<Double>,
      _ length: Int
    ) -> Void
  ) {
    precondition(count > 0)
    let stride = Self.padded(count)
    var weights: [Double] = []
    let planes = [Double](unsafeUninitializedCapacity: stride * dimension) {
      planes, filled in
      weights = [Double](unsafeUninitializedCapacity: stride) {
        weights, filled in
        fill(SharedMemory(planes), SharedMemory(weights), stride)
        for n in count..<stride { weights[n] = 0 }
        filled = stride
      }
      for d in 0..<dimension {
        for n in count..<stride { planes[d * stride + n] = 0 }
      }
      filled = stride * dimension
    }
    self.init(
      count: count, dimension: dimension, planes: planes,
      totalWeight: totalWeight, weights: weights)
  }

  /// Creates weighted points from planes that are already padded.
  init(
    count: Int, dimension: Int, planes: [Double], totalWeight: Double,
    weights: [Double]
  ) {
    self.count = count
    self.stride = Self.padded(count)
    self.dimension = dimension
    self.totalWeight = totalWeight
    self.coordinates = planes
    self.weights = weights
  }

  /// The length of a plane that holds `count` numbers: a multiple of `lanes`
  /// with room for a whole vector from the last point on.
  static func padded(_ count: Int) -> Int {
    (count + 2 * (lanes - 1)) / lanes * lanes
  }

  /// The coordinates of one point, `dimension` of them.
  public func coordinates(ofPoint n: Int) -> [Double] {
    precondition((0..<count).contains(n))
    return (0..<dimension).map { coordinates[$0 * stride + n] }
  }

  /// The weight of one point.
  public func weight(ofPoint n: Int) -> Double {
    precondition((0..<count).contains(n))
    return weights[n]
  }
}
