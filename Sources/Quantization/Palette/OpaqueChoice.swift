/// Chooses which components become opaque colours.
///
/// Opaque pixels are mapped to those, unless they are too far
/// (``OpaqueTolerance``). A component with more opaque pixels than others is
/// one; of the rest, the one that saves most is made opaque, one after the
/// other, as long as its opaque pixels, and those that others have lost, gain
/// more than its translucent pixels lose. An opaque pixel without an opaque
/// colour that is near enough costs as much as the farthest that would be. The
/// saving of a further component can only fall with every one that is made
/// opaque, so most need not be computed again each time (M. Minoux,
/// "Accelerated greedy algorithms for maximizing submodular set functions",
/// 1978, doi 10.1007/BFb0006528).
struct OpaqueChoice {
  /// Whether each component becomes an opaque colour.
  private(set) var isOpaque: [Bool]

  private let sums: OpaqueMeans.Sums

  /// The means of the first components, which nothing moves.
  private let fixed: ArraySlice<SIMD4<Double>>

  /// The opaque colours that lost their component, and the squared distance
  /// that each costs: of the nearest opaque mean, at most what is near enough.
  private var displaced:
    [(point: SIMD4<Double>, weight: Double, distance: Double)] = []

  /// Chooses.
  ///
  /// - Parameters:
  ///   - nearest: The component of each visible colour, without regard to
  ///     opacity.
  ///   - sums: Sums over those.
  ///   - colors: The colours.
  ///   - means: The means of the components.
  ///   - fixed: How many of the first stay as they are.
  ///   - pinned: Those of them that are opaque.
  /// - Complexity: O(displaced colours × components), several times at worst.
  init(
    _ nearest: [UInt16], _ sums: OpaqueMeans.Sums, _ colors: ColorPoints,
    _ means: [SIMD4<Double>], fixed: Int, opaque pinned: Range<Int>
  ) {
    self.sums = sums
    self.fixed = means.prefix(fixed)
    isOpaque = sums.opaque.indices.map { c in
      guard c >= fixed else { return pinned.contains(c) }
      return sums.opaque[c].weight > 0
        && sums.opaque[c].weight >= sums.translucent[c].weight
    }
    let histogram = colors.histogram
    let tolerance = OpaqueTolerance(in: colors.space)
    for (c, n) in zip(nearest, histogram.visible) where !isOpaque[Int(c)] {
      let color = histogram.color(n)
      guard color.w == .max else { continue }
      let point = colors.space.point(color)
      let difference = point - means[Int(c)]
      displaced.append(
        (
          point: point, weight: histogram.weight(n),
          distance: tolerance.most((difference * difference).sum())
        ))
    }
    guard !displaced.isEmpty else { return }
    for c in isOpaque.indices where isOpaque[c] { approach(c) }
    makeOpaque(isOpaque.indices.filter { $0 >= fixed && !isOpaque[$0] })
  }

  /// Makes components opaque while that lowers the cost.
  private mutating func makeOpaque(_ candidates: [Int]) {
    var queue = candidates.map {
      (component: $0, saved: saving(of: $0), isNew: true)
    }
    while let place = queue.indices.max(by: {
      (queue[$0].saved, $1) < (queue[$1].saved, $0)
    }), queue[place].saved > 0 {
      let component = queue[place].component
      guard queue[place].isNew else {
        queue[place].saved = saving(of: component)
        queue[place].isNew = true
        continue
      }
      queue.remove(at: place)
      isOpaque[component] = true
      approach(component)
      for i in queue.indices { queue[i].isNew = false }
    }
  }

  /// By how much the cost falls when a component becomes opaque.
  private func saving(of component: Int) -> Double {
    guard let mean = sums.opaqueMean(component) else { return 0 }
    return displaced.reduce(-loss(component, mean)) { sum, color in
      let difference = color.point - mean
      return sum + color.weight
        * max(0, color.distance - (difference * difference).sum())
    }
  }

  /// The loss of a component's translucent pixels.
  private func loss(_ component: Int, _ mean: SIMD4<Double>) -> Double {
    guard let old = sums.translucentMean(component) else { return 0 }
    let difference = old - mean
    return sums.translucent[component].weight
      * (difference * difference).sum()
  }

  /// Lowers the distances for one more opaque mean.
  private mutating func approach(_ component: Int) {
    let mean =
      component < fixed.count
      ? fixed[component] : sums.opaqueMean(component)
    guard let mean else { return }
    for i in displaced.indices {
      let difference = displaced[i].point - mean
      displaced[i].distance = min(
        displaced[i].distance, (difference * difference).sum())
    }
  }
}
