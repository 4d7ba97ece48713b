import ParallelWork

extension Expectation {
  /// The E-step of a variant whose variances are greater than 0.
  ///
  /// J, which has no part in it, comes from a hard assignment to the same means.
  mutating func jointOutcome(
    of model: MixtureModel, truncation: Int
  ) -> Outcome {
    let inertia = hardStatistics(of: model).1.inertia
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
              passes.assignJointly(
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
    return Outcome(
      statistics: statistics, freeEnergy: sums.reduce(0, +), inertia: inertia)
  }
}
