import TableFiles
import TruncatedEM

/// A mixture and the points that belong to it.
struct FittedTable {
  /// The mixture, in the table's own coordinates.
  let model: MixtureModel

  /// The same in those of the points.
  private let local: MixtureModel

  /// C'.
  let truncation: Truncation

  /// F per unit of weight, in nats.
  let freeEnergy: Double

  private let inertia: Double

  /// Σ_n w_n q_n(c), by component.
  private let sizes: [Double]
  private let engine: TruncatedEM
  private let fit: Fit?
  private let seed: UInt64?

  /// Shares points among the components of a mixture.
  ///
  /// - Parameters:
  ///   - local: The mixture, in the coordinates of the points.
  ///   - truncation: C'.
  ///   - tree: The points.
  ///   - origin: Where those are measured from.
  ///   - engine: What the mixture was fitted with.
  ///   - fit: How that went.
  ///   - seed: The seed of the search.
  /// - Throws: `FitError`.
  init(
    _ local: MixtureModel, _ truncation: Truncation, _ tree: PointTree,
    _ origin: TableOrigin, _ engine: TruncatedEM, fit: Fit? = nil,
    seed: UInt64? = nil
  ) throws(FitError) {
    let shared = try engine.statistics(
      of: tree, under: local, truncation: truncation)
    self.local = local
    model = origin.given(local)
    self.truncation = truncation
    self.engine = engine
    self.fit = fit
    self.seed = seed
    freeEnergy = shared.freeEnergy / shared.totalWeight
    inertia = shared.inertia / shared.totalWeight
    sizes = shared.weights
  }

  /// The posterior of the points.
  ///
  /// - Throws: `FitError`.
  func posterior(of tree: PointTree) throws(FitError) -> Posterior {
    try engine.posterior(of: tree, under: local, truncation: truncation)
  }

  /// σ², or the average of the variances of the components' coordinates by the
  /// weights of the components.
  private var meanVariance: Double {
    guard model.variances != nil || model.covariances != nil else {
      return model.variance
    }
    let dimension = model.dimension
    let sum = (0..<model.components).reduce(0) { sum, c in
      let variance =
        model.covariances.map { covariances in
          (0..<dimension).reduce(0) { $0 + covariances[c, $1, $1] }
            / Double(dimension)
        } ?? model.variances?[c] ?? model.variance
      return sum + sizes[c] * variance
    }
    return sum / sizes.reduce(0, +)
  }

  /// What is reported.
  func report(
    _ job: TableJob, _ table: Table, threads: Int,
    _ seconds: TableReport.Seconds
  ) -> TableReport {
    TableReport(
      tool: Report.Tool(name: Version.name, version: Version.number),
      input: job.input.displayName, rows: table.rows, columns: table.columns,
      columnNames: table.names, k: model.components, cprime: truncation.count,
      mixing: (model.mixingWeights == nil
        ? MixingWeights.equal : .learned).rawValue,
      covariance: model.covarianceType.rawValue, seed: seed, threads: threads,
      iterations: fit?.iterations.count, rejectedSteps: fit?.rejectedSteps,
      converged: fit?.converged, ending: fit?.ending.rawValue,
      freeEnergy: fit?.iterations.map(\.freeEnergy),
      distances: fit?.iterations.map(\.distances),
      finalFreeEnergy: freeEnergy, inertia: inertia, sizes: sizes,
      sigma2: meanVariance,
      means: (0..<model.components).map(model.mean), seconds: seconds,
      peakMemoryBytes: PeakMemory.bytes)
  }
}
