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

  /// The number of the point that each visible colour is mapped to: the
  /// nearest, or for an opaque colour the nearest opaque one, if that is near
  /// enough (``OpaqueTolerance``).
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
    let opaque = targets.indices.filter { isOpaque[$0] }
    let others = targets.indices.filter { !isOpaque[$0] }
    let dimension = tree.points.dimension
    guard !histogram.hasTranslucent else {
      let nearest = try nearestComponents(of: model(targets, dimension))
      guard !opaque.isEmpty, !others.isEmpty else { return nearest }
      return staying(nearest, opaque: opaque, of: targets)
    }
    // Without that of alpha, coordinates cannot tell a translucent target from an opaque one.
    guard !opaque.isEmpty else {
      return histogram.visible.map { n in
        Target(nearestTo: histogram.point(n, in: space), others, of: targets)
          .number
      }
    }
    guard !others.isEmpty else {
      return try nearestComponents(of: model(targets, dimension))
    }
    let nearest = try nearestComponents(
      of: model(opaque.map { targets[$0] }, dimension)
    ).map { UInt16(truncatingIfNeeded: opaque[Int($0)]) }
    return leaving(nearest, for: others, of: targets)
  }

  /// Moves opaque colours from translucent targets to opaque ones that are near
  /// enough.
  private func staying(
    _ nearest: [UInt16], opaque: [Int], of targets: [SIMD4<Double>]
  ) -> [UInt16] {
    let tolerance = OpaqueTolerance(in: space)
    var isOpaque = [Bool](repeating: false, count: targets.count)
    for number in opaque { isOpaque[number] = true }
    var nearest = nearest
    for n in nearest.indices where !isOpaque[Int(nearest[n])] {
      let color = histogram.color(histogram.visible.lowerBound + n)
      guard color.w == .max else { continue }
      let point = space.point(color)
      let difference = targets[Int(nearest[n])] - point
      let found = Target(nearestTo: point, opaque, of: targets)
      if found.distance
        <= tolerance.most((difference * difference).sum())
      {
        nearest[n] = found.number
      }
    }
    return nearest
  }

  /// Moves opaque colours from opaque targets that are too far to translucent
  /// ones.
  private func leaving(
    _ nearest: [UInt16], for others: [Int], of targets: [SIMD4<Double>]
  ) -> [UInt16] {
    let tolerance = OpaqueTolerance(in: space)
    var nearest = nearest
    for (n, color) in zip(nearest.indices, histogram.visible) {
      let point = histogram.point(color, in: space)
      let difference = targets[Int(nearest[n])] - point
      let found = Target(nearestTo: point, others, of: targets)
      if (difference * difference).sum() > tolerance.most(found.distance) {
        nearest[n] = found.number
      }
    }
    return nearest
  }

  private func model(
    _ targets: [SIMD4<Double>], _ dimension: Int
  ) throws(QuantizationError) -> MixtureModel {
    try rethrowing { () throws(FitError) in
      try MixtureModel(
        means: space.coordinates(of: targets, dimension: dimension),
        dimension: dimension)
    }
  }
}

/// The target that is nearest to a point.
private struct Target {
  private(set) var number: UInt16 = 0
  private(set) var distance = Double.infinity

  /// Looks at some targets; of equally near ones the first is taken.
  @inline(__always)
  init(
    nearestTo point: SIMD4<Double>, _ numbers: [Int],
    of targets: [SIMD4<Double>]
  ) {
    for candidate in numbers {
      let difference = targets[candidate] - point
      let distance = (difference * difference).sum()
      if distance < self.distance {
        self.distance = distance
        number = UInt16(truncatingIfNeeded: candidate)
      }
    }
  }
}
