import ParallelWork

/// Truncated variational EM for Gaussian mixtures with isotropic covariances.
///
/// The E-step keeps, for each point, only the C' components that are closest
/// to it; the M-step estimates means and variance from those. C' = 1 is
/// Lloyd's k-means exactly, C' = C is EM of the full mixture, and the free
/// energy F, a lower bound of the log-likelihood, rises in either step for
/// every C' (J. Lücke and D. Forster, "k-means as a variational EM
/// approximation of Gaussian mixture models", Pattern Recognition Letters
/// 2019, arXiv 1704.04812). docs/theory.md derives what is computed here.
///
/// Points have any number of dimensions D. Up to 6
/// (``WeightedPoints/fastDimension``) boxes of points rule out most components, and
/// the cost of an E-step is nearly independent of their number. Beyond, balls of
/// points do so where the points are in clusters, and distances to the others
/// are first looked at in single precision. Results are exact either way.
///
/// Same points, start and options give the same result, bit for bit, on any
/// number of threads.
///
///     let points = try WeightedPoints(coordinates: values, dimension: 2)
///     let engine = try TruncatedEM()
///     let fit = try engine.fit(points, components: 8, truncation: .soft(2))
///     for c in 0..<fit.model.components { print(fit.model.mean(c)) }
public struct TruncatedEM: Sendable {
  /// Whether a fit goes on after an iteration.
  public enum Continuation: Sendable {
    /// It goes on.
    case proceed

    /// It ends with what it has.
    case stop
  }

  /// Gets each iteration's statistics as they come, for progress and for
  /// ending a fit early.
  public typealias Observer = (IterationStatistics) -> Continuation

  /// How to fit.
  public let options: FitOptions

  /// Creates an engine.
  ///
  /// - Parameter options: How to fit.
  /// - Throws: `FitError.options` when a limit is negative, `.neighbourhood`
  ///   when a neighbourhood is empty, `.partialEStep` when a general mixture is
  ///   to have one.
  public init(_ options: FitOptions = FitOptions()) throws(FitError) {
    let least = options.leastComponentVariance ?? 1
    guard options.maximumIterations >= 0, options.tolerance >= 0, least > 0,
      least.isFinite
    else { throw .options }
    if case .neighbourhood(let size) = options.eStep {
      guard size >= 1 else { throw .neighbourhood(size) }
      guard !options.isGeneral else { throw .partialEStep }
    }
    self.options = options
  }

  /// Fits a mixture, starting with greedy k-means++.
  ///
  /// - Parameters:
  ///   - tree: The points to fit.
  ///   - components: C, 1 to `MixtureModel.maximumComponents`; may exceed the
  ///     number of points.
  ///   - pinned: Means that stay as they are, at most `components`; they are
  ///     the first of the model.
  ///   - truncation: C'.
  ///   - seed: The same seed gives the same result.
  ///   - observer: Called after every E-step.
  /// - Returns: The fitted model.
  /// - Throws: `FitError.components`, `.pinned`, `.dimensionsDiffer` or
  ///   `.truncation`.
  /// - Complexity: O(points × components × log(components) × D) distances to
  ///   start; an iteration is nearly independent of the components.
  public func fit(
    _ tree: PointTree, components: Int, pinned: MixtureModel? = nil,
    truncation: Truncation, seed: UInt64 = 0, observer: Observer? = nil
  ) throws(FitError) -> Fit {
    // A search is long: what is wrong with C' should be said before.
    _ = try truncation.clamped(to: components)
    let start = try WorkMeter.part(0...0.5) { () throws(FitError) in
      try initialMeans(
        for: tree, components: components, pinned: pinned, seed: seed)
    }
    return try WorkMeter.part(0.5...1) { () throws(FitError) in
      try fit(tree, found: start, truncation: truncation, observer: observer)
    }
  }

  /// Searches the means that `fit(_:components:pinned:truncation:seed:observer:)`
  /// starts from. They do not depend on C', so one search serves all of them.
  ///
  /// - Parameters:
  ///   - tree: The points to fit.
  ///   - components: C, 1 to `MixtureModel.maximumComponents`; may exceed the
  ///     number of points.
  ///   - pinned: Means that stay as they are, at most `components`; they are
  ///     the first of the model.
  ///   - seed: The same seed gives the same result.
  /// - Returns: The means.
  /// - Throws: `FitError.components`, `.pinned` or `.dimensionsDiffer`.
  /// - Complexity: O(points × components × log(components) × D) distances.
  public func initialMeans(
    for tree: PointTree, components: Int, pinned: MixtureModel? = nil,
    seed: UInt64 = 0
  ) throws(FitError) -> MixtureModel {
    guard (1...MixtureModel.maximumComponents).contains(components) else {
      throw .components(components)
    }
    if let pinned {
      guard pinned.components <= components else {
        throw .pinned(pinned.components, components: components)
      }
      guard pinned.dimension == tree.dimension else {
        throw .dimensionsDiffer(points: tree.dimension, model: pinned.dimension)
      }
    }
    var plan = SearchPlan(options.effort)
    plan.copiedCoordinates = options.copiedCoordinates
    let search = MeansSearch(
      plan: plan, workers: Workers(threads: options.threads))
    return search.means(
      tree, components: components, pinned: pinned?.means ?? [], seed: seed)
  }

  /// Fits a mixture, starting with given means.
  ///
  /// The first variance is J/(D N) of the hard assignment to those means,
  /// whatever variance `start` has. Its pinned means stay. A general mixture
  /// starts there too: with all σ_c² equal to that and all π_c to 1/C, so its
  /// first E-step is that of the paper's model.
  ///
  /// - Parameters:
  ///   - tree: The points to fit.
  ///   - start: The means to start from.
  ///   - truncation: C'.
  ///   - observer: Called after every E-step.
  /// - Returns: The fitted model.
  /// - Throws: `FitError.dimensionsDiffer`, `.truncation` or
  ///   `.partialDimension`.
  /// - Complexity: An iteration is O(points × components × D) at worst; for
  ///   many points in few dimensions it is nearly independent of the
  ///   components.
  public func fit(
    _ tree: PointTree, from start: MixtureModel,
    truncation: Truncation, observer: Observer? = nil
  ) throws(FitError) -> Fit {
    try fit(
      tree, from: start, resumes: false, truncation: truncation,
      options.acceleration ?? .plain, observer)
  }

  /// Fits a mixture, starting with means that a search has found.
  ///
  /// They are those of k-means, and some way from the optimum of another C'.
  /// Iterations on the means of boxes of points go most of that way
  /// (``Fit/coarseFreeEnergies``), with swaps of components that raise F at this
  /// C'. The iterations that are reported start from there, with all parameters,
  /// and with ``Acceleration/anderson``. With C' = 1 this is
  /// ``fit(_:from:truncation:observer:)``, for general mixtures the same with the
  /// acceleration; with means of your own that is what you want.
  ///
  /// - Parameters:
  ///   - tree: The points to fit.
  ///   - start: What `initialMeans(for:components:pinned:seed:)` gave.
  ///   - truncation: C'.
  ///   - observer: Called after every E-step over all points.
  /// - Returns: The fitted model.
  /// - Throws: `FitError.dimensionsDiffer`, `.truncation` or
  ///   `.partialDimension`.
  /// - Complexity: That of ``fit(_:from:truncation:observer:)``, with fewer
  ///   iterations.
  public func fit(
    _ tree: PointTree, found start: MixtureModel,
    truncation: Truncation, observer: Observer? = nil
  ) throws(FitError) -> Fit {
    let kept = try truncation.clamped(to: start.components)
    let acceleration =
      options.acceleration ?? (kept == .hard ? .plain : .anderson)
    guard acceleration != .plain, kept != .hard, !options.isGeneral,
      options.maximumIterations > 0,
      tree.dimension == start.dimension,
      let near = CoarseToFine(tree: tree, truncation: kept, options: options)
        .outcome(from: start)
    else {
      let kept = try keepingSeparateMeans(start, of: tree)
      let fit = try fit(
        tree, from: kept, resumes: false, truncation: truncation,
        acceleration, observer)
      return fit.pinned(start.pinned)
    }
    return try fit(
      tree, from: near.model, resumes: true, coarse: near.freeEnergies,
      truncation: truncation, acceleration, observer)
  }

  /// A model whose means are all pinned where each point has one of its own and they
  /// are to stay.
  private func keepingSeparateMeans(
    _ start: MixtureModel, of tree: PointTree
  ) throws(FitError) -> MixtureModel {
    guard options.keepsSeparateMeans, options.isGeneral,
      tree.points.count <= start.components,
      Set(try nearestComponents(to: tree, in: start)).count
        == tree.points.count
    else { return start }
    var model = start
    model.pinned = model.components
    return model
  }

  private func fit(
    _ tree: PointTree, from start: MixtureModel, resumes: Bool,
    coarse: [Double] = [], truncation: Truncation,
    _ acceleration: Acceleration, _ observer: Observer?
  ) throws(FitError) -> Fit {
    var exact = try expectation(tree, start, truncation)
    let truncation = Truncation(exact.truncation)
    guard case .neighbourhood(let size) = options.eStep else {
      return try run(
        from: start, resumes: resumes, coarse: coarse, &exact,
        truncation: truncation, acceleration, observer)
    }
    guard tree.dimension <= WeightedPoints.fastDimension else {
      throw .partialDimension(tree.dimension)
    }
    var partial = NeighbourhoodExpectation(
      tree, components: start.components, truncation: truncation.count,
      size: size, workers: exact.workers)
    return try run(
      from: start, resumes: resumes, coarse: coarse, &partial,
      truncation: truncation, .plain, observer)
  }

  /// Computes F, J and the entropy of a model.
  ///
  /// With C' = C, F is the log-likelihood. The model may be general whatever the
  /// options say. A model whose variance, or one of them, is 0 is given the
  /// least variance that a fit of the paper's model would give it.
  ///
  /// - Parameters:
  ///   - tree: The points.
  ///   - model: The model.
  ///   - truncation: C'.
  /// - Returns: F, J and the entropy per unit of weight.
  /// - Throws: `FitError.dimensionsDiffer` or `.truncation`.
  /// - Complexity: That of one iteration.
  public func evaluate(
    _ tree: PointTree, under model: MixtureModel, truncation: Truncation
  ) throws(FitError) -> Evaluation {
    var expectation = try expectation(tree, model, truncation)
    let model = model.floored(tree.leastVariance)
    let outcome = expectation.outcome(of: model)
    let density = outcome.statistics.jointLogDensity(of: model)
    return Evaluation(
      freeEnergy: outcome.freeEnergy / outcome.totalWeight,
      inertia: outcome.inertia / outcome.totalWeight,
      entropy: expectation.truncation == 1
        ? 0 : max(0, (outcome.freeEnergy - density) / outcome.totalWeight))
  }

  /// The number of the component that is closest to each point.
  ///
  /// - Parameters:
  ///   - tree: The points.
  ///   - model: The model.
  /// - Returns: A number for each point, in the order of the points that the
  ///   tree was made of; of components at the same distance the
  ///   lowest.
  /// - Throws: `FitError.dimensionsDiffer`.
  /// - Complexity: That of one iteration.
  public func nearestComponents(
    to tree: PointTree, in model: MixtureModel
  ) throws(FitError) -> [UInt16] {
    var expectation = try expectation(tree, model, .hard)
    return tree.inGivenOrder(expectation.nearest(of: model))
  }

  /// Exact E-steps over points with a model that fits them.
  ///
  /// - Throws: `FitError.dimensionsDiffer` or `.truncation`.
  func expectation(
    _ tree: PointTree, _ model: MixtureModel, _ truncation: Truncation
  ) throws(FitError) -> Expectation {
    guard tree.dimension == model.dimension else {
      throw .dimensionsDiffer(points: tree.dimension, model: model.dimension)
    }
    return Expectation(
      tree: tree, workers: Workers(threads: options.threads),
      truncation: try truncation.clamped(to: model.components).count)
  }
}
