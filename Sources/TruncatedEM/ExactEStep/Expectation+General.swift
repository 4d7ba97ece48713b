import ParallelWork

extension Expectation {
  /// The E-step of a general model, or of the paper's where C' leaves no
  /// component out. Variances are greater than 0.
  ///
  /// J has no part in it: where components are left out, it comes from a hard
  /// assignment to the same means.
  mutating func generalOutcome(
    of model: MixtureModel, truncation: Int
  ) -> ExpectationOutcome {
    let subtrees = CandidateTracker(
      tree, workers: workers, truncation: truncation,
      components: model.components
    ).subtrees
    let costs = ComponentCosts(of: model)
    let passes = points.passes
    let none = SufficientStatistics(
      components: model.components, dimension: model.dimension)
    var parts = [[Double]](repeating: none.values, count: subtrees.count)
    let sums = tree.withUnsafeTree { unsafeTree in
      tree.withUnsafeMeans(of: model) { means in
        costs.withUnsafeComponents(means) { components in
          workers.map(&parts) { piece, part in
            part.withUnsafeMutableBufferPointer { rows in
              passes.shareGenerally(
                in: unsafeTree, subtrees[piece], to: components,
                truncation: truncation, into: SharedMemory(rows).start)
            }
          }
        }
      }
    }
    var statistics = none
    for part in parts {
      for i in part.indices { statistics.values[i] += part[i] }
    }
    let hasAll =
      truncation == model.components && costs.live.count == model.components
    var total = PassSums()
    for sum in sums { total += sum }
    if !hasAll || truncation == 1 {
      let hard = hardStatistics(of: model).1
      total.inertia = hard.inertia
      total.distances += hard.distances
    }
    return ExpectationOutcome(
      statistics: statistics, freeEnergy: total.freeEnergy,
      inertia: total.inertia, totalWeight: points.totalWeight,
      leastVariance: tree.leastVariance, distances: total.distances)
  }
}
