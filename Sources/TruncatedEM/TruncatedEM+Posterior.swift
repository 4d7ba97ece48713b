extension TruncatedEM {
  /// The truncated posterior of points under a model: which C' components each
  /// is shared among, and how.
  ///
  /// The exponents are taken relative to the closest component's and summed in
  /// double precision, so nothing overflows; with a variance of 0 the closest
  /// component has it all.
  ///
  ///     let posterior = try engine.posterior(
  ///       of: points, under: fit.model, truncation: .soft(3))
  ///     for (component, responsibility) in posterior[0] { … }
  ///
  /// - Parameters:
  ///   - tree: The points; their weights do not matter.
  ///   - model: The model, general or not, whatever the options say.
  ///   - truncation: C'.
  /// - Returns: The posterior, in the order of the points that the tree was
  ///   made of.
  /// - Throws: `FitError.dimensionsDiffer` or `.truncation`.
  /// - Complexity: That of one iteration, and O(points × C' log C'); O(points ×
  ///   components × D) where the model is general. Memory: 6 C' bytes a point
  ///   for the result.
  public func posterior(
    of tree: PointTree, under model: MixtureModel, truncation: Truncation
  ) throws(FitError) -> Posterior {
    var expectation = try expectation(tree, model, truncation)
    return expectation.posterior(of: model)
  }
}
