extension TruncatedEM {
  /// How undecided each point is between its components: the entropy of its
  /// truncated posterior,
  ///
  ///     H_n = −Σ_{c∈K_n} q_n(c) log q_n(c)
  ///
  /// with K_n the C' components of least cost and q_n as in the E-step
  /// (arXiv 1704.04812, equation 3; docs/theory.md). With C' = 1 all are 0.
  ///
  /// - Parameters:
  ///   - tree: The points.
  ///   - model: The model, general or not. A variance of 0 is given the least
  ///     that a fit would give it.
  ///   - truncation: C'.
  /// - Returns: A number for each point, 0 to log C' nats, in the order of the
  ///   points that the tree was made of.
  /// - Throws: `FitError.dimensionsDiffer` or `.truncation`.
  /// - Complexity: That of `posterior(of:under:truncation:)`; 8 bytes a point.
  public func entropies(
    of tree: PointTree, under model: MixtureModel, truncation: Truncation
  ) throws(FitError) -> [Double] {
    var expectation = try expectation(tree, model, truncation)
    return expectation.entropies(of: model.floored(tree.leastVariance))
  }
}
