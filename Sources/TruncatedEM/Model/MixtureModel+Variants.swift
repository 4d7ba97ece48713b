extension MixtureModel {
  /// How far the sum of proportions may be from 1.
  private static let proportionTolerance = 1e-9

  /// Creates a mixture with mixing proportions, variances of its components, or
  /// both.
  ///
  /// - Parameters:
  ///   - means: Component after component, `dimension` numbers each.
  ///   - proportions: π_c, one a component, not negative, their sum 1 to within
  ///     10⁻⁹; `nil` for 1/C each.
  ///   - variances: σ_c², one a component, 0 or greater. Their average by the
  ///     proportions becomes `variance`.
  ///   - dimension: D, 1 to `WeightedPoints.maximumDimension`.
  /// - Throws: `FitError.dimension`, `.components`, `.proportions`,
  ///   `.variances` or `.notFinite`.
  public init(
    means: [Double], proportions: [Double]?, variances: [Double],
    dimension: Int
  ) throws(FitError) {
    try self.init(
      means: means, proportions: proportions, variance: 0,
      dimension: dimension)
    guard variances.count == components else {
      throw .variances(variances.count, components: components)
    }
    guard variances.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
      throw .notFinite
    }
    self.variances = variances
    variance = (0..<components).reduce(0) { sum, c in
      sum + variances[c] * (proportions?[c] ?? 1 / Double(components))
    }
  }

  /// Creates a mixture with mixing proportions and one variance.
  ///
  /// - Parameters:
  ///   - means: Component after component, `dimension` numbers each.
  ///   - proportions: π_c, as above.
  ///   - variance: σ², 0 or greater.
  ///   - dimension: D, 1 to `WeightedPoints.maximumDimension`.
  /// - Throws: `FitError.dimension`, `.components`, `.proportions` or
  ///   `.notFinite`.
  public init(
    means: [Double], proportions: [Double]?, variance: Double,
    dimension: Int
  ) throws(FitError) {
    try self.init(means: means, variance: variance, dimension: dimension)
    guard let proportions else { return }
    // A number that is not one fails the comparison with 0 or the last one.
    guard proportions.count == components,
      proportions.allSatisfy({ $0 >= 0 }),
      abs(proportions.reduce(0, +) - 1) <= Self.proportionTolerance
    else { throw .proportions }
    self.proportions = proportions
  }

  /// Whether the model is another than the paper's.
  var isVariant: Bool { proportions != nil || variances != nil }

  /// Gives a model with equal priors and one variance the parameters that some
  /// options have, with the values they have so far.
  mutating func free(_ options: FitOptions) {
    if options.mixing == .learned {
      proportions = [Double](
        repeating: 1 / Double(components), count: components)
    }
    if options.variance == .perComponent {
      variances = [Double](repeating: variance, count: components)
    }
  }
}
