import Rasters

/// The coordinates that points of images have: those of colour, then, where
/// there are translucent pixels, that of alpha.
extension CompositeSpace {
  /// D, the coordinates of a point.
  ///
  /// - Parameter hasAlpha: Whether alpha is one of them.
  /// - Returns: 3 or 4; of greys 1 or 2.
  public func dimension(withAlpha hasAlpha: Bool) -> Int {
    (isGrey ? 1 : 3) + (hasAlpha ? 1 : 0)
  }

  /// The coordinates of colours that points do not have.
  package var copiedCoordinates: Int { isGrey ? 2 : 0 }

  /// Whether points of so many coordinates have alpha.
  func hasAlpha(dimension: Int) -> Bool {
    dimension == self.dimension(withAlpha: true)
  }

  /// The places of a point's coordinates among the four of ``point(_:)``.
  ///
  /// - Parameter dimension: D.
  /// - Returns: D places.
  package func places(dimension: Int) -> [Int] {
    (isGrey ? [0] : [0, 1, 2]) + (hasAlpha(dimension: dimension) ? [3] : [])
  }

  /// The coordinates of points, one point after the other.
  ///
  /// - Parameters:
  ///   - points: Points of this space.
  ///   - dimension: D.
  /// - Returns: D numbers for each.
  func coordinates(of points: [SIMD4<Double>], dimension: Int) -> [Double] {
    let places = places(dimension: dimension)
    var coordinates: [Double] = []
    coordinates.reserveCapacity(points.count * dimension)
    for point in points {
      for place in places { coordinates.append(point[place]) }
    }
    return coordinates
  }

  /// The point that a mean is.
  ///
  /// - Parameter mean: D coordinates.
  /// - Returns: It, opaque where the mean has no alpha.
  func point(ofMean mean: some Collection<Double>) -> SIMD4<Double> {
    var point = SIMD4(0, 0, 0, opaqueAlpha)
    let colors = isGrey ? 1 : 3
    for (d, value) in mean.enumerated() {
      point[d < colors ? d : 3] = value
    }
    return point
  }
}
