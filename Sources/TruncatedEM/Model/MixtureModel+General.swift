extension MixtureModel {
  /// How far the sum of mixing weights may be from 1.
  private static let mixingTolerance = 1e-9

  /// Creates a mixture with variances of its components, and maybe mixing
  /// weights.
  ///
  /// - Parameters:
  ///   - means: Component after component, `dimension` numbers each.
  ///   - mixingWeights: π_c, one a component, not negative, their sum 1 to
  ///     within 10⁻⁹; `nil` for 1/C each.
  ///   - variances: σ_c², one a component, 0 or greater. Their average by the
  ///     mixing weights becomes `variance`.
  ///   - dimension: D, at least 1.
  /// - Throws: `FitError.dimension`, `.components`, `.mixingWeights`,
  ///   `.variances` or `.notFinite`.
  public init(
    means: [Double], mixingWeights: [Double]?, variances: [Double],
    dimension: Int
  ) throws(FitError) {
    try self.init(
      means: means, mixingWeights: mixingWeights, variance: 0,
      dimension: dimension)
    guard variances.count == components else {
      throw .variances(variances.count, components: components)
    }
    guard variances.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
      throw .notFinite
    }
    self.variances = variances
    variance = (0..<components).reduce(0) { sum, c in
      sum + variances[c] * (mixingWeights?[c] ?? 1 / Double(components))
    }
  }

  /// Creates a mixture with mixing weights and one variance.
  ///
  /// - Parameters:
  ///   - means: Component after component, `dimension` numbers each.
  ///   - mixingWeights: π_c, as above.
  ///   - variance: σ², 0 or greater.
  ///   - dimension: D, at least 1.
  /// - Throws: `FitError.dimension`, `.components`, `.mixingWeights` or
  ///   `.notFinite`.
  public init(
    means: [Double], mixingWeights: [Double]?, variance: Double,
    dimension: Int
  ) throws(FitError) {
    try self.init(means: means, variance: variance, dimension: dimension)
    guard let mixingWeights else { return }
    // A number that is not one fails the comparison with 0 or the last one.
    guard mixingWeights.count == components,
      mixingWeights.allSatisfy({ $0 >= 0 }),
      abs(mixingWeights.reduce(0, +) - 1) <= Self.mixingTolerance
    else { throw .mixingWeights }
    self.mixingWeights = mixingWeights
  }

  /// Creates a mixture with covariance matrices, and maybe mixing weights.
  ///
  /// - Parameters:
  ///   - means: Component after component, `dimension` numbers each.
  ///   - mixingWeights: π_c, as above; `nil` for 1/C each.
  ///   - covariances: The matrices Σ_c, component after component: with
  ///     ``Covariances/Shape/diagonal`` the D variances, with
  ///     ``Covariances/Shape/full`` the lower triangle, row by row.
  ///   - shape: Which of the two.
  ///   - dimension: D, at least 1.
  /// - Throws: `FitError.dimension`, `.components`, `.mixingWeights`,
  ///   `.covariances` or `.notFinite`.
  public init(
    means: [Double], mixingWeights: [Double]?, covariances: [Double],
    _ shape: Covariances.Shape, dimension: Int
  ) throws(FitError) {
    try self.init(
      means: means, mixingWeights: mixingWeights, variance: 0,
      dimension: dimension)
    guard covariances.allSatisfy(\.isFinite) else { throw .notFinite }
    guard covariances.count == components * shape.width(dimension) else {
      throw .covariances
    }
    let matrices = Covariances(
      unchecked: covariances, shape, dimension: dimension)
    guard matrices.arePositive else { throw .covariances }
    self.covariances = matrices
    variance = (0..<components).reduce(0) { sum, c in
      sum + matrices.meanVariance(c)
        * (mixingWeights?[c] ?? 1 / Double(components))
    }
  }

  /// What the components' covariances are.
  public var covarianceType: CovarianceType {
    if let covariances {
      return covariances.shape == .diagonal ? .diagonal : .full
    }
    return variances == nil ? .tied : .spherical
  }

  /// Whether the model has mixing weights, variances or matrices of components, and
  /// so is more general than the paper's.
  var isGeneral: Bool {
    mixingWeights != nil || variances != nil || covariances != nil
  }

  /// Gives a model with equal priors and one variance the parameters that some
  /// options have, with the values they have so far.
  mutating func free(_ options: FitOptions) {
    if options.mixingWeights == .learned {
      mixingWeights = [Double](
        repeating: 1 / Double(components), count: components)
    }
    if options.covariance == .spherical {
      variances = [Double](repeating: variance, count: components)
    }
    if let shape = options.covariance.shape {
      covariances = Covariances(
        variance, shape, components: components, dimension: dimension)
    }
  }
}
