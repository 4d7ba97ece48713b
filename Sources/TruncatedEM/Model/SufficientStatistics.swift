/// What the M-step needs to know of all points and responsibilities.
///
/// For each component c, with w_n the weights, q_n(c) the responsibilities and
/// μ_c the mean that went into the E-step:
///
/// - weight   Σ_n w_n q_n(c)
/// - scatter  Σ_n w_n q_n(c) |y_n − μ_c|²
/// - sum      Σ_n w_n q_n(c) y_n, one number a dimension
struct SufficientStatistics: Sendable {
  typealias Row = StatisticsRow<Double>

  /// D.
  let dimension: Int

  /// Component after component a `StatisticsRow`. Its numbers stand together
  /// because a point that adds to one adds to all.
  var values: [Double]

  /// Component after component Σ_n w_n q_n(c) (y_n − μ_c)(y_n − μ_c)ᵀ, stored as
  /// its covariance; empty where components have none.
  var seconds: [Double] = []

  /// The numbers kept for one component.
  var width: Int { Row.width(dimension) }

  /// C, the number of components.
  var components: Int { values.count / width }

  /// Creates statistics of no points.
  init(components: Int, dimension: Int) {
    self.dimension = dimension
    values = [Double](
      repeating: 0, count: components * Row.width(dimension))
  }

  /// Adds those of other points.
  mutating func add(_ other: SufficientStatistics) {
    for i in values.indices { values[i] += other.values[i] }
    if seconds.isEmpty {
      seconds = other.seconds
    } else {
      for i in seconds.indices { seconds[i] += other.seconds[i] }
    }
  }

  /// Σ_n w_n q_n(c).
  func weight(_ component: Int) -> Double {
    values[component * width + Row.weight]
  }

  /// Σ_n w_n q_n(c) |y_n − μ_c|².
  func scatter(_ component: Int) -> Double {
    values[component * width + Row.scatter]
  }

  /// Σ_n w_n q_n(c) y_n in one dimension.
  func sum(_ component: Int, _ d: Int) -> Double {
    values[component * width + Row.sums + d]
  }

  /// The M-step: the parameters that are best for these responsibilities (arXiv
  /// 1704.04812, the M-step of section 2).
  ///
  ///     μ_c  = Σ_n w_n q_n(c) y_n / Σ_n w_n q_n(c)
  ///     σ²   = Σ_n w_n Σ_c q_n(c) |y_n − μ_c|² / (D N)    with the new μ
  ///
  /// and where the model has them
  ///
  ///     π_c  = Σ_n w_n q_n(c) / N
  ///     σ_c² = Σ_n w_n q_n(c) |y_n − μ_c|² / (D Σ_n w_n q_n(c))
  ///
  /// A covariance matrix comes in the same way, Σ_n w_n q_n(c) (y_n − μ_c)(y_n −
  /// μ_c)ᵀ / Σ_n w_n q_n(c), or its diagonal.
  ///
  /// The scatter about the new means comes from that about the old ones: by the
  /// parallel-axis theorem it is smaller by the component's weight times the
  /// squared step of its mean, which stays accurate where Σ w q |y|² − W |μ|²
  /// would cancel.
  ///
  /// The part of F that a component adds is unimodal in σ_c², so the least
  /// variance is the best of those allowed where the formula gives less: F
  /// rises all the same. So it is with the eigenvalues of a matrix.
  ///
  /// - Parameters:
  ///   - old: The model that went into the E-step.
  ///   - totalWeight: N.
  ///   - floor: The least variance to return.
  /// - Returns: The new model, and the components that received no weight.
  ///   Those keep their means and variances, and learned mixing weights become
  ///   0. Pinned ones keep their means. (F is best for what may move.)
  /// - Complexity: O(components × dimension).
  func maximized(
    from old: MixtureModel, totalWeight: Double, floor: Double
  ) -> (model: MixtureModel, empty: [Int]) {
    var model = old
    var empty: [Int] = []
    var residual = 0.0
    for c in 0..<components {
      let weight = weight(c)
      // A weight so small that its reciprocal overflows explains nothing.
      guard weight > 0, (1 / weight).isFinite else {
        empty.append(c)
        model.mixingWeights?[c] = 0
        continue
      }
      var step = 0.0
      for d in 0..<(c < old.pinned ? 0 : dimension) {
        let mean = sum(c, d) / weight
        let change = mean - old.means[c * dimension + d]
        step += change * change
        model.means[c * dimension + d] = mean
      }
      if model.covariances != nil {
        model.mixingWeights?[c] = weight / totalWeight
        residual +=
          Double(dimension) * weight
          * model.maximizeCovariance(c, from: old, self, floor: floor)
        continue
      }
      let scatter = max(0, scatter(c) - weight * step)
      model.mixingWeights?[c] = weight / totalWeight
      if model.variances != nil {
        let variance = max(floor, scatter / (Double(dimension) * weight))
        model.variances?[c] = variance
        residual += Double(dimension) * weight * variance
      } else {
        residual += scatter
      }
    }
    model.variance = max(floor, residual / (Double(dimension) * totalWeight))
    return (model, empty)
  }
}
