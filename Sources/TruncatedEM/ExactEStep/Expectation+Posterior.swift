import ParallelWork

extension Expectation {
  /// The least variance that a posterior is computed with: smaller ones, 0
  /// among them, give the nearest component everything just the same.
  private static var leastVariance: Double { 1e-280 }

  /// The points that one thread takes at a time where there are no lists.
  private static var pointsInPiece: Int { 4_096 }

  /// The truncated posterior of all points, in the order that they had before
  /// they were sorted.
  ///
  /// - Complexity: That of `softOutcome` and a sort of C' entries a point; of a
  ///   general model O(points × components × D).
  mutating func posterior(of model: MixtureModel) -> Posterior {
    guard truncation > 1 || model.isGeneral else { return hard(model) }
    let count = points.count * truncation
    var components: [UInt16] = []
    let responsibilities = [Float](unsafeUninitializedCapacity: count) {
      responsibilities, filled in
      let shares = SharedMemory(responsibilities)
      components = [UInt16](unsafeUninitializedCapacity: count) {
        components, filled in
        write(
          model,
          .posterior(
            components: SharedMemory(components).start,
            responsibilities: shares.start))
        filled = count
      }
      filled = count
    }
    return Posterior(
      count: points.count, truncation: truncation, components: components,
      responsibilities: responsibilities)
  }

  /// The entropy of each point's truncated posterior, in the order that they had
  /// before they were sorted.
  ///
  /// - Complexity: As above.
  mutating func entropies(of model: MixtureModel) -> [Double] {
    let count = points.count
    guard truncation > 1 else { return [Double](repeating: 0, count: count) }
    return [Double](unsafeUninitializedCapacity: count) { entropies, filled in
      write(model, .entropies(SharedMemory(entropies).start))
      filled = count
    }
  }

  private mutating func hard(_ model: MixtureModel) -> Posterior {
    Posterior(
      count: points.count, truncation: 1,
      components: tree.inGivenOrder(nearest(of: model)),
      responsibilities: [Float](repeating: 1, count: points.count))
  }

  private mutating func write(
    _ model: MixtureModel, _ target: PosteriorOutputs.Target
  ) {
    let outputs = PosteriorOutputs(
      truncation: truncation, order: tree.order, idle: Self.idle(of: model),
      target: target)
    guard model.isGeneral else {
      let precision = 1 / (2 * max(Self.leastVariance, model.variance))
      forEachSubtree(model, truncation: outputs.truncation) {
        passes, tree, lists, means in
        passes.writePosterior(
          in: tree, lists, of: means, precision: precision, into: outputs)
      }
      return
    }
    let model = model.floored(Self.leastVariance)
    if let covariances = model.covariances {
      writeGaussians(model, covariances, into: outputs)
      return
    }
    let passes = points.passes
    let count = points.count
    tree.withUnsafeTree { tree in
      self.tree.withUnsafeMeans(of: model) { means in
        ComponentCosts(of: model).withUnsafeComponents(means) { components in
          let size = Self.pointsInPiece
          workers.forEach((count + size - 1) / size) { piece in
            passes.writePosterior(
              of: piece * size..<min(count, (piece + 1) * size), in: tree,
              components, into: outputs)
          }
        }
      }
    }
  }

  /// The components that take part in nothing.
  private static func idle(of model: MixtureModel) -> [UInt16] {
    (model.mixingWeights ?? []).enumerated().filter { $0.element <= 0 }.map {
      UInt16(truncatingIfNeeded: $0.offset)
    }
  }
}
