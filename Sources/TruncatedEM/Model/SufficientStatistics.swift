/// What the M-step needs to know of all points and responsibilities.
///
/// For each component c, with w_n the weights, q_n(c) the responsibilities and
/// μ_c the mean that went into the E-step:
///
/// - weight   Σ_n w_n q_n(c)
/// - scatter  Σ_n w_n q_n(c) |y_n − μ_c|²
/// - sum      Σ_n w_n q_n(c) y_n, one number a dimension
struct SufficientStatistics: Sendable {
  /// D.
  let dimension: Int

  /// Component after component: weight, scatter, then `dimension` sums. They
  /// stand together because a point that adds to one adds to all.
  var values: [Double]

  /// The numbers kept for one component.
  var width: Int { dimension + 2 }

  /// C, the number of components.
  var components: Int { values.count / width }

  /// Creates statistics of no points.
  init(components: Int, dimension: Int) {
    self.dimension = dimension
    values = [Double](repeating: 0, count: components * (dimension + 2))
  }

  /// Σ_n w_n q_n(c).
  func weight(_ component: Int) -> Double { values[component * width] }

  /// Σ_n w_n q_n(c) |y_n − μ_c|².
  func scatter(_ component: Int) -> Double { values[component * width + 1] }

  /// The M-step: the means and the variance that are best for these
  /// responsibilities (arXiv 1704.04812, the M-step of section 2).
  ///
  ///     μ_c = Σ_n w_n q_n(c) y_n / Σ_n w_n q_n(c)
  ///     σ²  = Σ_n w_n Σ_c q_n(c) |y_n − μ_c|² / (D N)    with the new μ
  ///
  /// The second sum comes from the scatter about the old means: by the
  /// parallel-axis theorem a component's scatter about its new mean is smaller
  /// by its weight times the squared step of the mean, which stays accurate
  /// where Σ w q |y|² − W |μ|² would cancel.
  ///
  /// - Parameters:
  ///   - old: The model that went into the E-step.
  ///   - totalWeight: N.
  ///   - floor: The least variance to return.
  /// - Returns: The new model, and the components that received no weight;
  ///   those and pinned ones keep their means. (F is best for what may move.)
  /// - Complexity: O(components × dimension).
  func maximized(
    from old: MixtureModel, totalWeight: Double, floor: Double
  ) -> (model: MixtureModel, empty: [Int]) {
    if old.isGeneral {
      return maximizedGenerally(
        from: old, totalWeight: totalWeight, floor: floor)
    }
    var model = old
    var empty: [Int] = []
    var residual = 0.0
    for c in 0..<components {
      let weight = weight(c)
      // A weight so small that its reciprocal overflows explains nothing.
      guard weight > 0, (1 / weight).isFinite else {
        empty.append(c)
        continue
      }
      guard c >= old.pinned else {
        residual += scatter(c)
        continue
      }
      var step = 0.0
      for d in 0..<dimension {
        let mean = values[c * width + 2 + d] / weight
        let change = mean - old.means[c * dimension + d]
        step += change * change
        model.means[c * dimension + d] = mean
      }
      residual += max(0, scatter(c) - weight * step)
    }
    let variance = residual / (Double(dimension) * totalWeight)
    model.variance = max(floor, variance)
    return (model, empty)
  }
}
