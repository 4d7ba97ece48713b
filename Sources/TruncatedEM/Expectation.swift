import ParallelWork

/// The E-step over all points of a tree, on several threads.
///
/// The tree is cut into subtrees in a way that depends on the points and the
/// components alone. Each has statistics of its own, and those are added in the
/// order of the subtrees: the result does not depend on the threads.
struct Expectation: Sendable {
  /// What one E-step gives.
  struct Outcome: Sendable {
    /// What the M-step needs.
    var statistics: SufficientStatistics

    /// F of this E-step's K and the parameters that went into it, in nats.
    var freeEnergy: Double

    /// J: Σ_n w_n min_c |y_n − μ_c|².
    var inertia: Double
  }

  /// What to share out.
  let tree: PointTree

  /// On how many threads.
  let workers: Workers

  /// Subtrees of about this many points keep every thread busy and the cost of
  /// adding up their statistics small.
  private static let pointsInSubtree = 8_192

  /// With many components the statistics of all subtrees must not fill the
  /// memory.
  private static let mostRowsInAllSubtrees = 1 << 20

  var points: WeightedPoints { tree.points }

  private func subtrees(components: Int) -> [Int] {
    let most = max(4, min(64, Self.mostRowsInAllSubtrees / components))
    return tree.subtrees(
      ofAtMost: max(Self.pointsInSubtree, points.count / most))
  }

  /// Shares every point among its C' nearest components.
  ///
  /// - Parameters:
  ///   - model: The parameters. With C' > 1 their variance is greater than 0.
  ///     With C' = 1 it only enters F; where it is 0, the variance that
  ///     belongs to the hard assignment, J/(D N), takes its place.
  ///   - truncation: C'.
  ///   - floor: The least variance, greater than 0.
  /// - Returns: The statistics, F and J.
  /// - Complexity: See `HardPass` and `SoftPass`.
  func outcome(
    of model: MixtureModel, truncation: Truncation, floor: Double
  ) -> Outcome {
    truncation.count == 1
      ? hardOutcome(of: model, floor: floor)
      : softOutcome(of: model, truncation: truncation.count)
  }

  private func hardOutcome(of model: MixtureModel, floor: Double) -> Outcome {
    let (statistics, sums) = hardStatistics(of: model)
    var used = model
    if used.variance == 0 {
      used.variance = max(floor, variance(ofInertia: sums.inertia))
    }
    return Outcome(
      statistics: statistics,
      freeEnergy: points.totalWeight * FreeEnergy.constant(of: used)
        - sums.inertia / (2 * used.variance),
      inertia: sums.inertia)
  }

  /// The statistics of a hard assignment.
  func hardStatistics(
    of model: MixtureModel
  ) -> (SufficientStatistics, PassSums) {
    gather(model) { passes, tree, node, means, parts in
      passes.assignNearest(
        in: tree, below: node, to: means,
        into: PassOutputs(statistics: parts, nearest: nil))
    }
  }

  /// What a `ProfilePass` adds up, component after component.
  func profileRows(of model: MixtureModel) -> [Double] {
    let width = ProfileRow.width(model.dimension)
    let subtrees = subtrees(components: model.components)
    let passes = points.passes
    var parts = [[Double]](
      repeating: [Double](repeating: 0, count: width * model.components),
      count: subtrees.count)
    tree.withUnsafeTree { unsafeTree in
      tree.withUnsafeMeans(of: model) { means in
        _ = workers.map(&parts) { piece, part in
          part.withUnsafeMutableBufferPointer { rows in
            passes.profile(
              in: unsafeTree, below: subtrees[piece], means,
              into: SharedMemory(rows).start)
          }
        }
      }
    }
    var rows = parts[0]
    for part in parts.dropFirst() {
      for i in rows.indices { rows[i] += part[i] }
    }
    return rows
  }

  func softOutcome(
    of model: MixtureModel, truncation: Int
  ) -> Outcome {
    let precision = 1 / (2 * model.variance)
    let (statistics, sums) = gather(model) { passes, tree, node, means, parts in
      passes.assignSoftly(
        in: tree, below: node, to: means, truncation: truncation,
        precision: precision,
        into: PassOutputs(statistics: parts, nearest: nil))
    }
    return Outcome(
      statistics: statistics,
      freeEnergy: points.totalWeight * FreeEnergy.constant(of: model)
        + sums.freeEnergy,
      inertia: sums.inertia)
  }

  /// The number of each point's nearest component, in the order of the tree.
  ///
  /// - Complexity: See `HardPass`.
  func nearest(of model: MixtureModel) -> [UInt16] {
    [UInt16](unsafeUninitializedCapacity: points.count) { buffer, count in
      let numbers = SharedMemory(buffer)
      _ = gather(model) { passes, tree, node, means, parts in
        passes.assignNearest(
          in: tree, below: node, to: means,
          into: PassOutputs(statistics: parts, nearest: numbers.start))
      }
      count = points.count
    }
  }

  /// σ² = J/(D N).
  func variance(ofInertia inertia: Double) -> Double {
    inertia / (Double(points.dimension) * points.totalWeight)
  }

  /// Runs a pass over all subtrees and adds up what it gives, in order.
  private func gather(
    _ model: MixtureModel,
    _ pass:
      @Sendable (
        any FixedDimension.Type, UnsafeTree, _ node: Int, UnsafeMeans,
        UnsafeMutablePointer<Double>
      ) -> PassSums
  ) -> (SufficientStatistics, PassSums) {
    let subtrees = subtrees(components: model.components)
    let passes = points.passes
    var parts = [SufficientStatistics](
      repeating: SufficientStatistics(
        components: model.components, dimension: model.dimension),
      count: subtrees.count)
    let sums = tree.withUnsafeTree { unsafeTree in
      tree.withUnsafeMeans(of: model) { means in
        workers.map(&parts) { piece, part in
          part.values.withUnsafeMutableBufferPointer { statistics in
            pass(
              passes, unsafeTree, subtrees[piece], means,
              SharedMemory(statistics).start)
          }
        }
      }
    }
    var statistics = parts[0]
    for part in parts.dropFirst() { statistics.add(part) }
    var total = PassSums()
    for sum in sums {
      total.freeEnergy += sum.freeEnergy
      total.inertia += sum.inertia
    }
    return (statistics, total)
  }
}
