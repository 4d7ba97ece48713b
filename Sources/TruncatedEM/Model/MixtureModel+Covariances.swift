import CLibrary

extension Covariances {
  /// Whether all eigenvalues of all matrices are greater than 0.
  var arePositive: Bool {
    switch shape {
    case .diagonal: values.allSatisfy { $0 > 0 }
    case .full:
      (0..<components).allSatisfy { matrix($0).choleskyFactor != nil }
    }
  }

  /// The matrices with no eigenvalue below a bound.
  func floored(_ least: Double) -> Covariances {
    var result = self
    switch shape {
    case .diagonal: result.values = values.map { max(least, $0) }
    case .full:
      for c in 0..<components {
        result.replace(c, by: matrix(c).floored(least).values)
      }
    }
    return result
  }

  private func matrix(_ component: Int) -> SymmetricMatrix {
    SymmetricMatrix(
      dimension: dimension,
      values: Array(values[component * width..<(component + 1) * width]))
  }

  fileprivate mutating func replace(_ component: Int, by numbers: [Double]) {
    for (i, number) in numbers.enumerated() {
      values[component * width + i] = number
    }
  }
}

extension MixtureModel {
  /// The M-step of a component's covariance matrix. Its second moments about the
  /// new mean come from those about the old one, by the parallel-axis theorem.
  ///
  /// - Parameters:
  ///   - component: The component, whose mean is the new one already.
  ///   - old: The model that went into the E-step.
  ///   - statistics: What the E-step gave; the component's weight is not 0.
  ///   - floor: The least eigenvalue.
  /// - Returns: The average of the variances of its coordinates.
  mutating func maximizeCovariance(
    _ component: Int, from old: MixtureModel,
    _ statistics: SufficientStatistics, floor: Double
  ) -> Double {
    guard let shape = covariances?.shape else { return variance }
    let width = shape.width(dimension)
    let weight = statistics.weight(component)
    let steps = (0..<dimension).map {
      means[component * dimension + $0] - old.means[component * dimension + $0]
    }
    var values = statistics.seconds[
      component * width..<(component + 1) * width
    ].map { $0 / weight }
    switch shape {
    case .diagonal:
      for d in 0..<dimension {
        values[d] = max(floor, values[d] - steps[d] * steps[d])
      }
    case .full:
      for i in 0..<dimension {
        for j in 0...i {
          values[shape.place(i, j)] -= steps[i] * steps[j]
        }
      }
      values =
        SymmetricMatrix(dimension: dimension, values: values)
        .floored(floor).values
    }
    covariances?.replace(component, by: values)
    return covariances?.meanVariance(component) ?? variance
  }
}

extension Covariances {
  /// W_c of `GaussianComponents` times second moments: Σ w q |W (y − μ)|².
  func costs(
    of statistics: SufficientStatistics, _ component: Int,
    _ components: GaussianComponents
  ) -> Double {
    let first = component * width
    var sum = 0.0
    switch shape {
    case .diagonal:
      for d in 0..<dimension {
        let row = components.whitening[first + d]
        sum += row * row * statistics.seconds[first + d]
      }
    case .full:
      for i in 0..<dimension {
        for j in 0...i {
          for l in 0...i {
            let place = shape.place(max(j, l), min(j, l))
            sum +=
              components.whitening[first + shape.place(i, j)]
              * components.whitening[first + shape.place(i, l)]
              * statistics.seconds[first + place]
          }
        }
      }
    }
    return sum
  }
}
