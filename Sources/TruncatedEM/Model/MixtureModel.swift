/// A Gaussian mixture:
///
///     p(y | Θ) = (1/C) Σ_c N(y; μ_c, σ² I_D)
///
/// the model of Lücke & Forster, arXiv 1704.04812; or a more general one, with
/// mixing weights π_c in place of 1/C, with variances σ_c² or matrices Σ_c in place
/// of σ², or both.
public struct MixtureModel: Hashable, Sendable {
  /// The largest number of components, so that a component's number fits 16
  /// bits.
  public static let maximumComponents = 65_536

  /// D, the number of coordinates of a mean.
  public let dimension: Int

  /// The means μ, component after component, `dimension` numbers each.
  public internal(set) var means: [Double]

  /// σ², the variance of every component in every dimension; not negative.
  /// Where components have variances of their own, the average of those by the
  /// weights that the components had when they were estimated.
  public internal(set) var variance: Double

  /// The mixing weights π_c, one a component, their sum 1; `nil` where all are
  /// 1/C. A component whose weight is 0 takes part in nothing.
  public internal(set) var mixingWeights: [Double]?

  /// The variances σ_c², one a component, not negative; `nil` where all
  /// components have `variance`.
  public internal(set) var variances: [Double]?

  /// The covariance matrices Σ_c; `nil` where all are multiples of the identity.
  /// `variance` is then the average of the variances of their coordinates.
  public internal(set) var covariances: Covariances?

  /// How many components, the first ones, have means that no fit moves.
  public internal(set) var pinned = 0

  /// C, the number of components.
  public var components: Int { means.count / dimension }

  /// Creates a mixture.
  ///
  /// - Parameters:
  ///   - means: Component after component, `dimension` numbers each.
  ///   - variance: σ², 0 or greater. A fit that starts from the means does not
  ///     use it.
  ///   - dimension: D, at least 1.
  ///   - pinned: How many means, the first ones, no fit moves; 0 to all.
  /// - Throws: `FitError.dimension`, `.components`, `.pinned` or `.notFinite`.
  public init(
    means: [Double], variance: Double = 0, dimension: Int, pinned: Int = 0
  ) throws(FitError) {
    guard dimension >= 1, means.count.isMultiple(of: dimension)
    else { throw .dimension(dimension) }
    let components = means.count / dimension
    guard (1...Self.maximumComponents).contains(components) else {
      throw .components(components)
    }
    guard means.allSatisfy(\.isFinite), variance.isFinite, variance >= 0 else {
      throw .notFinite
    }
    guard (0...components).contains(pinned) else {
      throw .pinned(pinned, components: components)
    }
    self.dimension = dimension
    self.means = means
    self.variance = variance
    self.pinned = pinned
  }

  /// Creates a mixture of means that are known to be good.
  init(
    uncheckedMeans means: [Double], dimension: Int, variance: Double,
    pinned: Int
  ) {
    self.means = means
    self.dimension = dimension
    self.variance = variance
    self.pinned = pinned
  }

  /// Whether all variances are greater than 0.
  var hasVariance: Bool {
    variance > 0 && variances?.allSatisfy { $0 > 0 } ?? true
  }

  /// The model with no variance below a bound.
  ///
  /// - Parameter least: The least variance, in units of the space squared.
  /// - Returns: This model, with that in place of smaller variances.
  func floored(_ least: Double) -> MixtureModel {
    var model = self
    model.variance = max(least, variance)
    model.variances = variances?.map { max(least, $0) }
    if let covariances { model.covariances = covariances.floored(least) }
    return model
  }

  /// The mean of one component, `dimension` numbers.
  ///
  /// - Parameter component: 0 to C − 1.
  /// - Returns: Its coordinates.
  /// - Complexity: O(dimension).
  public func mean(_ component: Int) -> [Double] {
    Array(means[component * dimension..<(component + 1) * dimension])
  }
}
