import ParallelWork

/// The E-step over all points, on several threads.
///
/// The points are cut into pieces whose number depends on the points and the
/// components alone. Each piece has statistics of its own, and those are added
/// in the order of the pieces: the result does not depend on the threads.
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
  let points: WeightedPoints

  /// On how many threads.
  let workers: Workers

  /// Pieces of about this many points keep every thread busy and the cost of
  /// adding up their statistics small.
  private static let leastPointsInPiece = 2_048

  /// With many components the pieces' statistics must not fill the memory.
  private static let mostRowsInAllPieces = 1 << 20

  private func pieces(components: Int) -> [Range<Int>] {
    points.pieces(
      ofAtLeast: Self.leastPointsInPiece,
      most: max(4, min(64, Self.mostRowsInAllPieces / components)))
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
  /// - Complexity: O(points × components × D) distances, and C' exponentials a
  ///   point where C' > 1.
  func outcome(
    of model: MixtureModel, truncation: Truncation, floor: Double
  ) -> Outcome {
    truncation.count == 1
      ? hardOutcome(of: model, floor: floor)
      : softOutcome(of: model, truncation: truncation)
  }

  private func hardOutcome(of model: MixtureModel, floor: Double) -> Outcome {
    let (statistics, inertias) = gather(model) {
      kernels, range, points, means, statistics in
      kernels.assignNearest(
        range, of: points, to: means, statistics: statistics, nearest: nil)
    }
    let inertia = inertias.reduce(0, +)
    var used = model
    if used.variance == 0 {
      used.variance = max(floor, variance(ofInertia: inertia))
    }
    return Outcome(
      statistics: statistics,
      freeEnergy: points.totalWeight * FreeEnergy.constant(of: used)
        - inertia / (2 * used.variance),
      inertia: inertia)
  }

  private func softOutcome(
    of model: MixtureModel, truncation: Truncation
  ) -> Outcome {
    let precision = 1 / (2 * model.variance)
    let (statistics, sums) = gather(model) {
      kernels, range, points, means, statistics in
      kernels.assignSoftly(
        range, of: points, to: means, truncation: truncation.count,
        precision: precision, statistics: statistics)
    }
    return Outcome(
      statistics: statistics,
      freeEnergy: points.totalWeight * FreeEnergy.constant(of: model)
        + sums.reduce(0) { $0 + $1.freeEnergy },
      inertia: sums.reduce(0) { $0 + $1.inertia })
  }

  /// The number of each point's nearest component.
  ///
  /// - Complexity: O(points × components × D).
  func nearest(of model: MixtureModel) -> [UInt16] {
    [UInt16](unsafeUninitializedCapacity: points.stride) { buffer, count in
      let numbers = SharedMemory(buffer)
      _ = gather(model) { kernels, range, points, means, statistics in
        kernels.assignNearest(
          range, of: points, to: means, statistics: statistics,
          nearest: numbers.start)
      }
      count = points.count
    }
  }

  /// σ² = J/(D N).
  func variance(ofInertia inertia: Double) -> Double {
    inertia / (Double(points.dimension) * points.totalWeight)
  }

  /// Runs a kernel over all pieces and adds up their statistics in order.
  private func gather<Sum: Sendable>(
    _ model: MixtureModel,
    _ kernel:
      @Sendable (
        any FixedDimension.Type, Range<Int>, UnsafePoints, UnsafeMeans,
        UnsafeMutablePointer<Double>
      ) -> Sum
  ) -> (SufficientStatistics, [Sum]) {
    let pieces = pieces(components: model.components)
    let kernels = points.kernels
    var parts = [SufficientStatistics](
      repeating: SufficientStatistics(
        components: model.components, dimension: model.dimension),
      count: pieces.count)
    let sums = points.withUnsafePoints { points in
      model.withUnsafeMeans { means in
        workers.map(&parts) { piece, part in
          part.values.withUnsafeMutableBufferPointer { statistics in
            kernel(
              kernels, pieces[piece], points, means,
              SharedMemory(statistics).start)
          }
        }
      }
    }
    var total = parts[0]
    for part in parts.dropFirst() { total.add(part) }
    return (total, sums)
  }
}
