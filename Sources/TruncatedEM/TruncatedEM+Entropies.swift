import CLibrary
import ParallelWork

extension TruncatedEM {
  /// How undecided each point is between its components: the entropy of its
  /// truncated posterior,
  ///
  ///     H_n = −Σ_{c∈K_n} q_n(c) log q_n(c)
  ///
  /// with K_n the C' components of least cost and q_n as the E-step has it
  /// (arXiv 1704.04812, equation 3; docs/theory.md). With C' = 1 all are 0.
  ///
  /// - Parameters:
  ///   - tree: The points.
  ///   - model: The model, the paper's or a variant. A variance of 0 is given
  ///     the least that a fit would give it.
  ///   - truncation: C'.
  /// - Returns: A number for each point, 0 to log C' nats, in the order of the
  ///   points that the tree was made of.
  /// - Throws: `FitError.dimensionsDiffer` or `.truncation`.
  /// - Complexity: O(points × components × D).
  public func entropies(
    _ tree: PointTree, _ model: MixtureModel, truncation: Truncation
  ) throws(FitError) -> [Double] {
    guard tree.dimension == model.dimension else {
      throw .dimensionsDiffer(points: tree.dimension, model: model.dimension)
    }
    guard truncation.count <= model.components else {
      throw .truncation(truncation.count, components: model.components)
    }
    let points = tree.points
    guard truncation.count > 1 else {
      return [Double](repeating: 0, count: points.count)
    }
    var usable = model
    usable.variance = max(tree.leastVariance, model.variance)
    usable.variances = model.variances?.map { max(tree.leastVariance, $0) }
    let costs = ComponentCosts(of: usable)
    let pieces = stride(from: 0, to: points.count, by: Self.pointsInPiece).map {
      $0..<min(points.count, $0 + Self.pointsInPiece)
    }
    let found = Workers(threads: options.threads).map(pieces.count) { piece in
      Self.entropies(
        of: pieces[piece], points, model, costs, keeping: truncation.count)
    }.flatMap(\.self)
    guard let order = tree.order else { return found }
    var result = found
    for (n, old) in order.enumerated() { result[old] = found[n] }
    return result
  }

  private static let pointsInPiece = 4_096

  private static func entropies(
    of range: Range<Int>, _ points: WeightedPoints, _ model: MixtureModel,
    _ costs: ComponentCosts, keeping kept: Int
  ) -> [Double] {
    let dimension = model.dimension
    var least: [Double] = []
    least.reserveCapacity(kept + 1)
    var point = [Double](repeating: 0, count: dimension)
    return range.map { n in
      for d in 0..<dimension {
        point[d] = points.coordinates[d * points.stride + n]
      }
      least.removeAll(keepingCapacity: true)
      for live in costs.live {
        let c = Int(live)
        var distance = 0.0
        for d in 0..<dimension {
          let difference = point[d] - model.means[c * dimension + d]
          distance += difference * difference
        }
        insert(
          costs.offsets[c] + costs.precisions[c] * distance, into: &least,
          keeping: kept)
      }
      return entropy(ofCosts: least)
    }
  }

  /// Keeps the least costs, in ascending order.
  @inline(__always)
  private static func insert(
    _ cost: Double, into least: inout [Double], keeping kept: Int
  ) {
    if least.count == kept {
      guard cost < least[kept - 1] else { return }
      least.removeLast()
    }
    var place = least.count
    least.append(cost)
    while place > 0, least[place - 1] > cost {
      least[place] = least[place - 1]
      place -= 1
    }
    least[place] = cost
  }

  /// The entropy of shares in proportion to e^−cost: log Z + Σ q (cost − least).
  private static func entropy(ofCosts costs: [Double]) -> Double {
    guard let least = costs.first else { return 0 }
    var sum = 0.0
    var weighted = 0.0
    for cost in costs {
      let share = exp(least - cost)
      sum += share
      weighted += share > 0 ? share * (cost - least) : 0
    }
    return max(0, log(sum) + weighted / sum)
  }
}
