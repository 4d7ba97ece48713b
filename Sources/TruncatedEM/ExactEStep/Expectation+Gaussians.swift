import ParallelWork

extension Expectation {
  /// Points that make a piece of work worth its while, and the most pieces: each
  /// has statistics of its own.
  private static var pointsInPiece: Int { 2_048 }
  private static var mostPieces: Int { 32 }

  /// The E-step of a model with covariance matrices, whose eigenvalues are greater
  /// than 0.
  ///
  /// J comes from a hard assignment to the same means.
  ///
  /// - Complexity: O(points × components × D) for diagonal matrices, O(points ×
  ///   components × D²) for full ones.
  mutating func gaussianOutcome(
    of model: MixtureModel, _ covariances: Covariances, truncation: Int
  ) -> ExpectationOutcome {
    points.dimension == 3
      ? gaussianOutcome(
        of: model, covariances, truncation: truncation, Dimension3())
      : gaussianOutcome(
        of: model, covariances, truncation: truncation,
        AnyDimension(count: points.dimension))
  }

  private mutating func gaussianOutcome(
    of model: MixtureModel, _ covariances: Covariances, truncation: Int,
    _ passes: some PointDimension
  ) -> ExpectationOutcome {
    let components = GaussianComponents(of: model, covariances)
    var statistics = SufficientStatistics(
      components: model.components, dimension: model.dimension)
    statistics.seconds = [Double](
      repeating: 0, count: covariances.values.count)
    let pieces = points.pieces(
      ofAtLeast: Self.pointsInPiece, most: Self.mostPieces
    ).map { $0.clamped(to: 0..<points.count) }
    var parts = [SufficientStatistics](
      repeating: statistics, count: pieces.count)
    let sums = points.withUnsafePoints { points in
      components.withUnsafeGaussians { components in
        workers.map(&parts) { piece, part in
          part.values.withUnsafeMutableBufferPointer { rows in
            part.seconds.withUnsafeMutableBufferPointer { seconds in
              passes.shareAmongGaussians(
                points, pieces[piece], components, truncation: truncation,
                into: SharedMemory(rows).start, SharedMemory(seconds).start)
            }
          }
        }
      }
    }
    for part in parts { statistics.add(part) }
    let hard = hardStatistics(of: model).1
    return ExpectationOutcome(
      statistics: statistics,
      freeEnergy: sums.reduce(0) { $0 + $1.freeEnergy },
      inertia: hard.inertia,
      totalWeight: points.totalWeight, leastVariance: tree.leastVariance,
      distances: sums.reduce(hard.distances) { $0 + $1.distances })
  }

  /// Writes what is wanted of the posterior of a model with covariance matrices.
  func writeGaussians(
    _ model: MixtureModel, _ covariances: Covariances,
    into outputs: PosteriorOutputs
  ) {
    if points.dimension == 3 {
      writeGaussians(model, covariances, Dimension3(), into: outputs)
    } else {
      writeGaussians(
        model, covariances, AnyDimension(count: points.dimension),
        into: outputs)
    }
  }

  private func writeGaussians(
    _ model: MixtureModel, _ covariances: Covariances,
    _ passes: some PointDimension, into outputs: PosteriorOutputs
  ) {
    let count = points.count
    let size = 2 * Self.pointsInPiece
    let components = GaussianComponents(of: model, covariances)
    points.withUnsafePoints { points in
      components.withUnsafeGaussians { components in
        workers.forEach((count + size - 1) / size) { piece in
          passes.writePosterior(
            of: piece * size..<min(count, (piece + 1) * size), points,
            components, into: outputs)
        }
      }
    }
  }
}
