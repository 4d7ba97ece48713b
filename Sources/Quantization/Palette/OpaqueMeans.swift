import TruncatedEM

/// Means of a palette in which opaque colours stay opaque.
///
/// A mean of opaque and nearly opaque colours would be nearly opaque. So each
/// component becomes either opaque (``OpaqueChoice``) or takes its mean from
/// its translucent pixels alone; opaque colours then go to the nearest opaque
/// component if it is near enough (``OpaqueTolerance``), and stay otherwise. A
/// few rounds of that settle the means.
enum OpaqueMeans {
  private static let rounds = 3

  /// Settles which components are opaque, and their means.
  ///
  /// - Parameters:
  ///   - model: Fitted means, with alpha; pinned ones stay.
  ///   - pinned: Those of the pinned ones that are opaque; no other is.
  ///   - colors: The colours, some of them translucent.
  /// - Returns: The means in the working space, and which are opaque.
  /// - Throws: `QuantizationError.fit`.
  /// - Complexity: That of some E-steps.
  static func settle(
    _ model: MixtureModel, opaque pinned: Range<Int>, _ colors: ColorPoints
  ) throws(QuantizationError) -> (means: [SIMD4<Double>], isOpaque: [Bool]) {
    var means = points(of: model, in: colors.space)
    let free = try colors.nearest(
      of: means, isOpaque: [Bool](repeating: true, count: means.count))
    let sums = Sums(free, colors, components: means.count)
    let isOpaque = OpaqueChoice(
      free, sums, colors, means, fixed: model.pinned, opaque: pinned
    ).isOpaque
    let moved = means.indices.dropFirst(model.pinned)
    for c in moved {
      means[c] =
        (isOpaque[c] ? sums.opaqueMean(c) : sums.translucentMean(c)) ?? means[c]
    }
    for _ in 1..<rounds {
      let nearest = try colors.nearest(of: means, isOpaque: isOpaque)
      let sums = Sums(nearest, colors, components: means.count)
      for c in moved {
        means[c] = (isOpaque[c] ? sums.opaqueMean(c) : sums.mean(c)) ?? means[c]
      }
    }
    return (means, isOpaque)
  }

  /// Means as they are, and which are opaque; `nil` where none is, so that
  /// opaque colours would have none to go to.
  static func asGiven(
    _ model: MixtureModel, in space: CompositeSpace
  ) -> (means: [SIMD4<Double>], isOpaque: [Bool])? {
    let means = points(of: model, in: space)
    let isOpaque = means.map {
      CompositeSpace.isOpaque(alpha: 255 * $0.w / space.opaqueAlpha)
    }
    return isOpaque.contains(true) ? (means, isOpaque) : nil
  }

  private static func points(
    of model: MixtureModel, in space: CompositeSpace
  ) -> [SIMD4<Double>] {
    (0..<model.components).map { space.point(ofMean: model.mean($0)) }
  }

  /// Sums over the colours of each component, opaque and translucent apart.
  struct Sums {
    private let opaqueAlpha: Double
    private(set) var opaque: [(weight: Double, sum: SIMD4<Double>)]
    private(set) var translucent: [(weight: Double, sum: SIMD4<Double>)]

    init(_ nearest: [UInt16], _ colors: ColorPoints, components: Int) {
      let (histogram, space) = (colors.histogram, colors.space)
      opaqueAlpha = space.opaqueAlpha
      opaque = Array(repeating: (0, .zero), count: components)
      translucent = opaque
      for (c, n) in zip(nearest, histogram.visible) {
        let color = histogram.color(n)
        let weight = histogram.weight(n)
        let share = space.point(color) * weight
        if color.w == .max {
          opaque[Int(c)].weight += weight
          opaque[Int(c)].sum += share
        } else {
          translucent[Int(c)].weight += weight
          translucent[Int(c)].sum += share
        }
      }
    }

    /// The mean of a component's colours, or `nil` where it has none.
    func mean(_ c: Int) -> SIMD4<Double>? {
      let weight = opaque[c].weight + translucent[c].weight
      guard weight > 0 else { return nil }
      return (opaque[c].sum + translucent[c].sum) / weight
    }

    /// The same, made opaque.
    func opaqueMean(_ c: Int) -> SIMD4<Double>? {
      guard var mean = mean(c) else { return nil }
      mean.w = opaqueAlpha
      return mean
    }

    /// The mean of its translucent colours alone.
    func translucentMean(_ c: Int) -> SIMD4<Double>? {
      guard translucent[c].weight > 0 else { return nil }
      return translucent[c].sum / translucent[c].weight
    }
  }
}
