extension MixtureModel {
  /// The same mixture somewhere else.
  ///
  /// - Parameter step: What is added to each mean, D numbers.
  /// - Returns: The mixture.
  /// - Complexity: O(components × dimension).
  package func translated(by step: [Double]) -> MixtureModel {
    precondition(step.count == dimension)
    guard step.contains(where: { $0 != 0 }) else { return self }
    var model = self
    for i in model.means.indices { model.means[i] += step[i % dimension] }
    return model
  }
}
