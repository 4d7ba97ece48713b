package import ParallelWork

/// Partial E-steps: each point looks for its C' nearest components only among
/// those that it kept last, K_n, and their neighbourhoods.
///
/// The first is exact. What is shared out and added up, and in which order,
/// depends on the points and the components alone, not on the threads.
package final class NeighbourhoodExpectation: ExpectationStep {
  /// The points.
  private let pointTree: PointTree

  /// The points, in the order of their tree.
  var points: WeightedPoints { pointTree.points }

  let workers: Workers

  /// How many components a neighbourhood has, itself included; at most all.
  let size: Int

  /// K_n. In order of components only when `isSorted`.
  let memberships: Memberships

  /// The means of the last E-step; `nil` before the first.
  var tree: MeansTree?

  /// Whether `memberships` knows the memberships of each component.
  var isSorted = false

  /// Creates what is to be kept between E-steps.
  ///
  /// - Parameters:
  ///   - tree: The points.
  ///   - components: C.
  ///   - truncation: C', at most C.
  ///   - size: How many components a neighbourhood has, itself included, at
  ///     least 1; more than C count as C.
  ///   - workers: The threads to use.
  /// - Complexity: 14 bytes of memory for each point and each of its C'
  ///   components, 8 more for each point.
  package init(
    _ tree: PointTree, components: Int, truncation: Int, size: Int,
    workers: Workers
  ) {
    pointTree = tree
    self.workers = workers
    self.size = min(max(1, size), components)
    memberships = Memberships(
      points: tree.points.count, truncation: truncation,
      components: components)
  }

  /// K_n, nearest first, of a point of the tree.
  package func members(ofPoint n: Int) -> [Int] {
    let first = n * memberships.truncation
    return (first..<first + memberships.truncation).map {
      Int(memberships.components[$0])
    }
  }

  /// Makes an E-step for the sake of K_n.
  ///
  /// - Parameter model: The parameters; their variance is greater than 0.
  package func assign(to model: MixtureModel) {
    _ = points.passes.assignAmongNeighbours(self, model)
  }

  /// Makes an E-step.
  ///
  /// - Parameter model: The parameters, of the same C each time; their variance
  ///   is greater than 0.
  /// - Returns: The statistics, and F and J of K_n as it is now.
  /// - Complexity: O(points × C' × (D + s)) for s components in a neighbourhood
  ///   that are too near to be passed over, at most its size, and a search of
  ///   the neighbourhoods, O(components × size × log components).
  func outcome(of model: MixtureModel) -> ExpectationOutcome {
    let (statistics, sums) = points.passes.assignAmongNeighbours(self, model)
    guard memberships.truncation > 1 else {
      return hard(statistics, sums, variance: model.variance)
    }
    return ExpectationOutcome(
      statistics: statistics,
      freeEnergy: points.totalWeight * FreeEnergy.constant(of: model)
        + sums.freeEnergy,
      inertia: sums.inertia, totalWeight: points.totalWeight,
      leastVariance: pointTree.leastVariance, distances: sums.distances)
  }

  /// With C' = 1 the first E-step; else one that leaves K_n to that.
  func assignment(to means: MixtureModel) -> ExpectationOutcome {
    guard memberships.truncation == 1 else {
      var exact = Expectation(tree: pointTree, workers: workers)
      return exact.assignment(to: means)
    }
    let (statistics, sums) = points.passes.assignAmongNeighbours(self, means)
    return hard(statistics, sums, variance: nil)
  }

  private func hard(
    _ statistics: SufficientStatistics, _ sums: PassSums, variance: Double?
  ) -> ExpectationOutcome {
    ExpectationOutcome(
      hard: statistics, inertia: sums.inertia, variance: variance,
      totalWeight: points.totalWeight,
      leastVariance: pointTree.leastVariance, distances: sums.distances)
  }

  /// A component that moves to a point takes the place of the farthest that the
  /// point keeps, so that it is found however far its new neighbours are.
  func reseed(_ empty: [Int], of model: inout MixtureModel) {
    let nearest = (0..<points.count).map {
      memberships.components[$0 * memberships.truncation]
    }
    for (c, n) in model.reseed(empty, to: points, nearest: nearest) {
      exchange(ofPoint: n, for: c)
    }
  }

  /// Exchanges the farthest component that a point keeps for one whose mean has
  /// been moved to the point, and cannot be farther.
  private func exchange(ofPoint n: Int, for component: Int) {
    let first = n * memberships.truncation
    let end = first + memberships.truncation
    let number = UInt16(truncatingIfNeeded: component)
    guard
      !(first..<end).contains(where: { memberships.components[$0] == number })
    else { return }
    memberships.components[end - 1] = number
    isSorted = false
  }
}
