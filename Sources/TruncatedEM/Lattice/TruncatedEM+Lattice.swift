import ParallelWork

extension TruncatedEM {
  /// A fit to the points of a lattice, and what belongs to it.
  public struct LatticeFit: Sendable {
    /// The fit. Its iterations are those of the fit it resumed, then those with
    /// the prior; their F has its term, and never falls.
    public let fit: Fit

    /// The posterior of all points under the model.
    public let posterior: Posterior

    /// F per point of the two, in nats.
    public let freeEnergy: Double
  }

  /// Goes on with a fit so that neighbours have components in common: with a Potts
  /// prior, in the mean-field approximation.
  ///
  ///     let smooth = try engine.smoothed(
  ///       fit, points, on: Lattice(width: 512, height: 512), coupling: 1)
  ///
  /// - Parameters:
  ///   - fit: A fit to the same points.
  ///   - points: One for each place of the lattice, row by row, each of weight 1.
  ///   - lattice: How they stand.
  ///   - coupling: β, 0 or more: by so many nats a component suits a point better
  ///     for each neighbour that has it.
  ///   - observer: Called after every E-step.
  /// - Returns: The fit with the prior.
  /// - Throws: `FitError.dimensionsDiffer`.
  /// - Complexity: An iteration is O(points × components × D); 10 C' bytes a
  ///   point.
  public func smoothed(
    _ fit: Fit, _ points: WeightedPoints, on lattice: Lattice,
    coupling: Double, observer: Observer? = nil
  ) throws(FitError) -> LatticeFit {
    precondition(coupling >= 0 && coupling.isFinite)
    precondition(points.count == lattice.count)
    guard points.dimension == fit.model.dimension else {
      throw .dimensionsDiffer(
        points: points.dimension, model: fit.model.dimension)
    }
    var step = LatticeExpectation(
      points, lattice, truncation: fit.truncation.count, coupling: coupling,
      leastVariance: points.leastVariance,
      Workers(threads: options.threads))
    let smooth = try run(
      from: fit.model, resumes: true, coarse: fit.coarseFreeEnergies, &step,
      truncation: fit.truncation, .plain, observer)
    let last = step.outcome(of: smooth.model)
    let posterior = Posterior(
      count: points.count, truncation: fit.truncation.count,
      components: step.shares.components,
      responsibilities: step.shares.shares.map { Float($0) })
    return LatticeFit(
      fit: Fit(
        model: smooth.model, truncation: fit.truncation,
        iterations: fit.iterations + smooth.iterations,
        rejectedSteps: fit.rejectedSteps,
        coarseFreeEnergies: fit.coarseFreeEnergies, ending: smooth.ending),
      posterior: posterior, freeEnergy: last.freeEnergy / last.totalWeight)
  }
}

extension WeightedPoints {
  /// `PointTree.leastVariance` without a tree.
  fileprivate var leastVariance: Double {
    var scatter = 0.0
    for d in 0..<dimension {
      let plane = coordinates[d * stride..<d * stride + count]
      let mean = plane.reduce(0, +) / Double(count)
      scatter += plane.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }
    let variance = scatter / Double(dimension * count)
    return 1e-12 * (variance > 0 ? variance : 1)
  }
}
