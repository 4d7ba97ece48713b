public import TruncatedEM

extension ColorPoints {
  /// The component that each visible colour is nearest to.
  ///
  /// - Parameter model: Means in the working space.
  /// - Returns: A number for each visible colour.
  /// - Throws: `QuantizationError.fit`.
  /// - Complexity: O(colours × components) distances.
  func nearestComponents(
    of model: MixtureModel
  ) throws(QuantizationError) -> [UInt16] {
    try rethrowing { () throws(FitError) in
      var nearest: [UInt16] = []
      if areBoxes { nearest.reserveCapacity(histogram.visible.count) }
      try forEachPart(dimension: model.dimension) {
        (tree, _) throws(FitError) in
        let part = try engine.nearestComponents(to: tree, in: model)
        if areBoxes { nearest += part } else { nearest = part }
      }
      return nearest
    }
  }

  /// J of a model for all visible colours, per unit of weight.
  ///
  /// - Parameter model: Means in the working space.
  /// - Returns: Σ w min_c |y − μ_c|² / Σ w.
  /// - Throws: `QuantizationError.fit`.
  /// - Complexity: O(colours × components) distances.
  public func inertia(
    of model: MixtureModel
  ) throws(QuantizationError) -> Double {
    try rethrowing { () throws(FitError) in
      func inertia(_ part: PointTree) throws(FitError) -> Double {
        try engine.evaluate(part, under: model, truncation: .hard).inertia
      }
      guard areBoxes else { return try inertia(tree) }
      var sum = 0.0
      try forEachPart(dimension: model.dimension) {
        (tree, weight) throws(FitError) in
        if weight > 0 { sum += weight * (try inertia(tree)) }
      }
      return sum / histogram.totalWeight(of: histogram.visible)
    }
  }

  /// The number of the point that each visible colour is nearest to, of the
  /// opaque ones where the colour is opaque.
  ///
  /// - Parameters:
  ///   - targets: Points of the working space.
  ///   - isOpaque: Whether each is opaque.
  /// - Returns: A number for each visible colour.
  /// - Throws: `QuantizationError.fit`.
  /// - Complexity: O(colours × targets) distances.
  func nearest(
    of targets: [SIMD4<Double>], isOpaque: [Bool]
  ) throws(QuantizationError) -> [UInt16] {
    let dimension = tree.points.dimension
    let model = try rethrowing { () throws(FitError) in
      try MixtureModel(
        means: space.coordinates(of: targets, dimension: dimension),
        dimension: dimension)
    }
    var nearest = try nearestComponents(of: model)
    guard histogram.hasTranslucent, isOpaque.contains(false),
      isOpaque.contains(true)
    else { return nearest }
    let opaque = targets.indices.filter { isOpaque[$0] }
    for n in nearest.indices where !isOpaque[Int(nearest[n])] {
      let color = histogram.color(histogram.visible.lowerBound + n)
      guard color.w == .max else { continue }
      let point = space.point(color)
      var least = Double.infinity
      for candidate in opaque {
        let difference = targets[candidate] - point
        let distance = (difference * difference).sum()
        if distance < least {
          least = distance
          nearest[n] = UInt16(truncatingIfNeeded: candidate)
        }
      }
    }
    return nearest
  }
}
