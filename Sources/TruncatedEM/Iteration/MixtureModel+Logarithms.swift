import CLibrary

extension MixtureModel {
  /// The parameters in coordinates in which all values are possible: the means;
  /// the logarithms of variances, or of covariance matrices Σ_c = L Lᵀ the numbers
  /// of L with the logarithms of its diagonal; the logarithms of mixing weights.
  ///
  /// `nil` where a matrix has an eigenvalue that is not greater than 0.
  var logarithmicParameters: [Double]? {
    var result = means
    if let covariances {
      for c in 0..<components {
        guard let numbers = covariances.logarithms(c) else { return nil }
        result += numbers
      }
    } else {
      result += (variances ?? [variance]).map(log)
    }
    return result + (mixingWeights ?? []).map(log)
  }

  /// How much those parameters count, as the diagonal of the information of
  /// complete data has it: W_c/σ_c² for a coordinate of a mean, D W_c/2 for the
  /// logarithm of a variance, W_c for that of a mixing weight.
  ///
  /// - Parameter statistics: Has W_c.
  /// - Returns: A number for each parameter.
  func information(_ statistics: SufficientStatistics) -> [Double] {
    let weights = (0..<components).map { statistics.weight($0) }
    var metric: [Double] = []
    for c in 0..<components {
      for d in 0..<dimension {
        metric.append(
          weights[c]
            / (covariances?[c, d, d] ?? variances?[c] ?? variance))
      }
    }
    let half = Double(dimension) / 2
    if let covariances {
      for c in 0..<components {
        switch covariances.shape {
        case .diagonal:
          for _ in 0..<dimension { metric.append(weights[c] / 2) }
        case .full:
          for i in 0..<dimension {
            for j in 0...i {
              metric.append(
                i == j ? 2 * weights[c] : weights[c] / covariances[c, i, i])
            }
          }
        }
      }
    } else if variances != nil {
      metric += weights.map { half * $0 }
    } else {
      metric.append(half * weights.reduce(0, +))
    }
    if mixingWeights != nil { metric += weights }
    return metric
  }

  /// The same model with other parameters.
  ///
  /// - Parameters:
  ///   - parameters: Laid out as `logarithmicParameters`.
  ///   - own: This model's.
  ///   - farthest: The farthest that a logarithm goes.
  ///   - floor: The least variance.
  /// - Returns: The model; what is pinned, and mixing weights of 0, are its own.
  func withLogarithmicParameters(
    _ parameters: [Double], from own: [Double], farthest: Double, floor: Double
  ) -> MixtureModel {
    var model = self
    let count = components
    func exponential(_ i: Int) -> Double {
      exp(min(max(parameters[i], own[i] - farthest), own[i] + farthest))
    }
    for i in pinned * dimension..<means.count where parameters[i].isFinite {
      model.means[i] = parameters[i]
    }
    var i = means.count
    if var matrices = covariances {
      for c in 0..<count {
        matrices.replace(c, byLogarithmsAt: i, of: parameters, exponential)
        i += matrices.width
      }
      model.covariances = matrices.floored(floor)
    } else if variances != nil {
      for c in 0..<count {
        model.variances?[c] = max(floor, exponential(i + c))
      }
      i += count
    } else {
      model.variance = max(floor, exponential(i))
      i += 1
    }
    guard let mixingWeights else { return model }
    var proposed = mixingWeights
    for c in 0..<count where mixingWeights[c] > 0 {
      proposed[c] = exponential(i + c)
    }
    let sum = proposed.reduce(0, +)
    model.mixingWeights = proposed.map { $0 / sum }
    return model
  }
}

extension Covariances {
  /// The logarithms of a diagonal, or a Cholesky factor with the logarithms of its
  /// diagonal.
  fileprivate func logarithms(_ component: Int) -> [Double]? {
    let numbers = Array(values[component * width..<(component + 1) * width])
    switch shape {
    case .diagonal: return numbers.map(log)
    case .full:
      guard
        var factor = SymmetricMatrix(dimension: dimension, values: numbers)
          .choleskyFactor
      else { return nil }
      for i in 0..<dimension { factor[i, i] = log(factor[i, i]) }
      return factor.values
    }
  }

  /// Gives a component the matrix with such logarithms.
  fileprivate mutating func replace(
    _ component: Int, byLogarithmsAt first: Int, of parameters: [Double],
    _ exponential: (Int) -> Double
  ) {
    switch shape {
    case .diagonal:
      for d in 0..<dimension {
        values[component * width + d] = exponential(first + d)
      }
    case .full:
      var factor = SymmetricMatrix(
        dimension: dimension,
        values: Array(parameters[first..<first + width]))
      for i in 0..<dimension {
        factor[i, i] = exponential(first + shape.place(i, i))
      }
      for i in 0..<dimension {
        for j in 0...i {
          values[component * width + shape.place(i, j)] = (0...j).reduce(0) {
            $0 + factor[i, $1] * factor[j, $1]
          }
        }
      }
    }
  }
}
