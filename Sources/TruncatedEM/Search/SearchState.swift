import ParallelWork

/// A k-means solution that is being improved in places: points sorted by their
/// components, and what the search wants to know of each component.
///
/// The means are those of the points of each component. After a change in one
/// place only what is near it is computed anew.
struct SearchState: Sendable {
  /// The means.
  private(set) var model: MixtureModel

  /// The points of each component.
  private(set) var partition: Partition

  /// The components next to each.
  private(set) var neighbourhood: Neighbourhood

  /// What each component costs and could gain.
  private(set) var profiles: [ComponentProfile]

  private let workers: Workers

  /// An iteration of Lloyd's over all points.
  ///
  /// - Parameters:
  ///   - start: The means to start from.
  ///   - neighbours: How many neighbours each component has.
  ///   - keepsMeans: Whether the means stay what they are, and only the points
  ///     are assigned to them.
  ///   - expectation: Runs the passes.
  /// - Complexity: That of an iteration, and O(components² × D).
  init(
    _ start: MixtureModel, neighbours: Int, keepsMeans: Bool = false,
    _ expectation: inout Expectation
  ) {
    let (fit, nearest) = expectation.assigned(start)
    model = keepsMeans ? start : fit.model
    workers = expectation.workers
    partition = Partition(
      expectation.points, by: nearest, components: model.components)
    neighbourhood = Neighbourhood(
      of: model, size: neighbours, workers: workers)
    profiles = []
    profiles = profiled(Array(0..<model.components))
  }

  /// J, of the points and the means of their components.
  var inertia: Double { profiles.reduce(0) { $0 + $1.scatter } }

  /// Takes over what trials found.
  ///
  /// - Parameter trials: Each for components that no other has.
  /// - Complexity: O(points × D + changed components × components × D).
  mutating func apply(_ trials: [SwapTrial]) {
    var nearest = [UInt16](
      unsafeUninitializedCapacity: partition.points.count
    ) { nearest, count in
      for c in 0..<model.components {
        for n in partition[c] { nearest[n] = UInt16(truncatingIfNeeded: c) }
      }
      count = partition.points.count
    }
    var isChanged = [Bool](repeating: false, count: model.components)
    for trial in trials {
      model.replaceMeans(of: trial.components, by: trial.means)
      let numbers = trial.components.map { UInt16(truncatingIfNeeded: $0) }
      var place = 0
      for c in trial.components {
        isChanged[c] = true
        for n in partition[c] {
          nearest[n] = numbers[Int(trial.nearest[place])]
          place += 1
        }
      }
    }
    partition = Partition(
      partition.points, by: nearest, components: model.components)
    // What it costs to remove a component depends on those around it.
    let near = isChanged.indices.filter { c in
      isChanged[c] || neighbourhood[c].contains { isChanged[$0] }
    }
    neighbourhood.update(near, of: model, workers: workers)
    for (c, profile) in zip(near, profiled(near)) { profiles[c] = profile }
  }

  private func profiled(_ components: [Int]) -> [ComponentProfile] {
    let passes = partition.points.passes
    return partition.points.withUnsafePoints { points in
      model.withUnsafeMeans { means in
        workers.map(components.count) { i in
          let c = components[i]
          return passes.profile(
            points, partition[c], of: c, among: neighbourhood[c], of: means)
        }
      }
    }
  }
}

extension MixtureModel {
  /// Gives some components other means.
  fileprivate mutating func replaceMeans(
    of components: [Int], by values: [Double]
  ) {
    for (i, c) in components.enumerated() {
      for d in 0..<dimension {
        means[c * dimension + d] = values[i * dimension + d]
      }
    }
  }
}
