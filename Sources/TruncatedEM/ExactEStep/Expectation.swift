import ParallelWork

/// E-steps over all points of a tree, one after the other, on several threads.
///
/// The tree is cut into subtrees in a way that depends on the points and the
/// components alone. Each has statistics of its own, and those are added in the
/// order of the subtrees: the result does not depend on the threads.
struct Expectation: ExpectationStep, Sendable {
  /// What to share out.
  let tree: PointTree

  /// On how many threads.
  let workers: Workers

  /// C'.
  let truncation: Int

  /// The candidates of the last hard E-step and of the last soft one, each with
  /// the C' and the number of components they are for.
  private var trackers: [TrackerKey: CandidateTracker] = [:]

  private struct TrackerKey: Hashable {
    let truncation: Int
    let components: Int
  }

  /// √(J/N) of the last E-step, or 0.
  private var deviation = 0.0

  /// E-steps over the points of a tree.
  init(tree: PointTree, workers: Workers, truncation: Int = 1) {
    self.tree = tree
    self.workers = workers
    self.truncation = truncation
  }

  /// The points in the order of the tree.
  var points: WeightedPoints { tree.points }

  /// Shares every point among its C' nearest components, or those of the C'
  /// least costs where the model is general. Where that is all of them,
  /// nothing is looked for.
  ///
  /// - Parameter model: The parameters; their variances are greater than 0.
  ///   With C' = 1 they only enter F.
  /// - Returns: The statistics, F and J.
  /// - Complexity: See `HardPass`, `SoftPass`, `GeneralPass` and
  ///   `CandidateSearch`.
  mutating func outcome(of model: MixtureModel) -> ExpectationOutcome {
    if let covariances = model.covariances {
      return gaussianOutcome(of: model, covariances, truncation: truncation)
    }
    let hasAll = truncation > 1 && truncation == model.components
    if model.isGeneral || hasAll {
      return generalOutcome(of: model, truncation: truncation)
    }
    return truncation == 1
      ? hardOutcome(of: model, variance: model.variance)
      : softOutcome(of: model, truncation: truncation)
  }

  mutating func assignment(to means: MixtureModel) -> ExpectationOutcome {
    hardOutcome(of: means, variance: nil)
  }

  mutating func reseed(_ empty: [Int], of model: inout MixtureModel) {
    _ = model.reseed(empty, to: points, nearest: nearest(of: model))
  }

  private mutating func hardOutcome(
    of model: MixtureModel, variance: Double?
  ) -> ExpectationOutcome {
    let (statistics, sums) = hardStatistics(of: model)
    return ExpectationOutcome(
      hard: statistics, inertia: sums.inertia, variance: variance,
      totalWeight: points.totalWeight, leastVariance: tree.leastVariance,
      distances: sums.distances)
  }

  /// The statistics of a hard assignment.
  mutating func hardStatistics(
    of model: MixtureModel
  ) -> (SufficientStatistics, PassSums) {
    gather(model, truncation: 1) { passes, tree, lists, means, statistics in
      passes.assignNearest(
        in: tree, lists, to: means,
        into: PassOutputs(statistics: statistics, nearest: nil))
    }
  }

  /// The soft E-step of a model with a variance greater than 0.
  mutating func softOutcome(
    of model: MixtureModel, truncation: Int
  ) -> ExpectationOutcome {
    let precision = 1 / (2 * model.variance)
    let (statistics, sums) = gather(model, truncation: truncation) {
      passes, tree, lists, means, statistics in
      passes.assignSoftly(
        in: tree, lists, to: means, truncation: truncation,
        precision: precision,
        into: PassOutputs(statistics: statistics, nearest: nil))
    }
    return ExpectationOutcome(
      statistics: statistics,
      freeEnergy: points.totalWeight * FreeEnergy.constant(of: model)
        + sums.freeEnergy,
      inertia: sums.inertia, totalWeight: points.totalWeight,
      leastVariance: tree.leastVariance, distances: sums.distances)
  }

  /// The number of each point's nearest component, in the order of the tree.
  ///
  /// - Complexity: See `HardPass`.
  mutating func nearest(of model: MixtureModel) -> [UInt16] {
    nearestAndStatistics(of: model).0
  }

  /// An iteration of Lloyd's, and the assignment that its means come from.
  mutating func assigned(
    _ model: MixtureModel
  ) -> (fit: HardFit, nearest: [UInt16]) {
    let (nearest, statistics) = nearestAndStatistics(of: model)
    let fit = HardFit.lloyd(
      from: model, iterations: 1, tolerance: 0,
      scale: Double(points.dimension) * points.totalWeight
    ) { _ in statistics }
    return (fit, nearest)
  }

  private mutating func nearestAndStatistics(
    of model: MixtureModel
  ) -> ([UInt16], SufficientStatistics) {
    var result = [UInt16](repeating: 0, count: points.count)
    let statistics = result.withUnsafeMutableBufferPointer { buffer in
      let numbers = SharedMemory(buffer)
      return gather(model, truncation: 1) {
        passes, tree, lists, means, statistics in
        passes.assignNearest(
          in: tree, lists, to: means,
          into: PassOutputs(statistics: statistics, nearest: numbers.start))
      }.0
    }
    return (result, statistics)
  }

  /// σ² = J/(D N).
  func variance(ofInertia inertia: Double) -> Double {
    inertia / (Double(points.dimension) * points.totalWeight)
  }

  /// Runs a pass over all subtrees and adds up what it gives, in order.
  private mutating func gather(
    _ model: MixtureModel, truncation: Int,
    _ pass:
      @Sendable (
        any PointDimension, UnsafeTree, UnsafeLists, UnsafeMeans,
        UnsafeMutablePointer<Double>
      ) -> PassSums
  ) -> (SufficientStatistics, PassSums) {
    var statistics = SufficientStatistics(
      components: model.components, dimension: model.dimension)
    let (rows, sums, searched) = forEachSubtree(
      model, truncation: truncation,
      rowWidth: statistics.width, cancelled: PassSums(), pass)
    statistics.values = rows
    var total = PassSums()
    for sum in sums { total += sum }
    total.distances += searched
    deviation = (total.inertia / points.totalWeight).squareRoot()
    return (statistics, total)
  }

  /// Runs a pass over all subtrees, each with rows of its own, a row a
  /// component, and adds up the rows in order. Also says how many distances the
  /// search for candidates evaluated. A subtree that comes after the
  /// work was cancelled gives `cancelled`.
  private mutating func forEachSubtree<Sum: Sendable>(
    _ model: MixtureModel, truncation: Int, rowWidth: Int, cancelled: Sum,
    _ pass:
      @Sendable (
        any PointDimension, UnsafeTree, UnsafeLists, UnsafeMeans,
        UnsafeMutablePointer<Double>
      ) -> Sum
  ) -> (rows: [Double], sums: [Sum], searched: Int) {
    let key = TrackerKey(truncation: truncation, components: model.components)
    var tracker =
      trackers.removeValue(forKey: key)
      ?? CandidateTracker(
        tree, workers: workers, truncation: truncation,
        components: model.components)
    tracker.update(for: model, deviation: deviation)
    let lists = tracker.lists
    trackers[key] = tracker

    let passes = points.passes
    let meter = WorkMeter.current
    var parts = [[Double]](
      repeating: [Double](
        repeating: 0, count: rowWidth * model.components),
      count: lists.count)
    let sums = tree.withUnsafeTree { unsafeTree in
      tree.withUnsafeMeans(of: model) { means in
        workers.map(&parts) { piece, part in
          if meter?.isCancelled == true { return cancelled }
          return part.withUnsafeMutableBufferPointer { rows in
            lists[piece].withUnsafeLists { lists in
              pass(passes, unsafeTree, lists, means, SharedMemory(rows).start)
            }
          }
        }
      }
    }
    var rows = parts[0]
    for part in parts.dropFirst() {
      for i in rows.indices { rows[i] += part[i] }
    }
    return (rows, sums, tracker.distances)
  }

  /// Runs a pass over all subtrees that adds nothing up.
  mutating func forEachSubtree(
    _ model: MixtureModel, truncation: Int,
    _ pass:
      @Sendable (
        any PointDimension, UnsafeTree, UnsafeLists, UnsafeMeans
      ) -> Void
  ) {
    _ = forEachSubtree(
      model, truncation: truncation, rowWidth: 1, cancelled: ()
    ) { passes, tree, lists, means, _ in
      pass(passes, tree, lists, means)
    }
  }
}
