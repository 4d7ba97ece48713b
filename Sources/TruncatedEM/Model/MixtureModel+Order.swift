extension MixtureModel {
  /// The same mixture with its components in another order, none of them pinned.
  ///
  /// - Parameter order: The number that each component has here.
  /// - Returns: The mixture.
  /// - Complexity: O(components × dimension).
  package func reordered(_ order: [Int]) -> MixtureModel {
    precondition(order.sorted() == Array(0..<components))
    var model = MixtureModel(
      uncheckedMeans: order.flatMap { mean($0) }, dimension: dimension,
      variance: variance, pinned: 0)
    model.mixingWeights = mixingWeights.map { weights in
      order.map { weights[$0] }
    }
    model.variances = variances.map { variances in
      order.map { variances[$0] }
    }
    model.covariances = covariances.map { old in
      Covariances(
        unchecked: order.flatMap { c in
          old.values[c * old.width..<(c + 1) * old.width]
        }, old.shape, dimension: dimension)
    }
    return model
  }
}

extension Fit {
  /// The same fit with its components in another order.
  ///
  /// - Parameter order: The number that each component has here.
  /// - Returns: The fit.
  /// - Complexity: O(components × dimension).
  package func reordered(_ order: [Int]) -> Fit {
    Fit(
      model: model.reordered(order), truncation: truncation,
      iterations: iterations, rejectedSteps: rejectedSteps,
      coarseFreeEnergies: coarseFreeEnergies, ending: ending)
  }

  /// The same fit with other means pinned.
  ///
  /// - Parameter count: How many.
  /// - Returns: The fit.
  func pinned(_ count: Int) -> Fit {
    guard model.pinned != count else { return self }
    var model = model
    model.pinned = count
    return Fit(
      model: model, truncation: truncation, iterations: iterations,
      rejectedSteps: rejectedSteps, coarseFreeEnergies: coarseFreeEnergies,
      ending: ending)
  }

  /// The same model, as one that was given and not fitted.
  package func withoutHistory() -> Fit {
    Fit(
      model: model, truncation: truncation, iterations: [], rejectedSteps: 0,
      coarseFreeEnergies: [], ending: ending)
  }
}
