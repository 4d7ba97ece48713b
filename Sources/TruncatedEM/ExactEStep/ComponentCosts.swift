import CLibrary

/// What a component of a general model costs a point, the negative logarithm of
/// their joint density:
///
///     −log π_c + (D/2) log(2πσ_c²) + |y − μ_c|²/2σ_c²
///
/// (docs/theory.md, equation 6). In nats.
struct ComponentCosts: Sendable {
  /// The part that does not depend on the point, by component; infinite where
  /// π_c is 0.
  let offsets: [Double]

  /// 1/2σ_c², by component.
  let precisions: [Double]

  /// The components whose π_c is not 0, in ascending order.
  let live: [Int32]

  /// The costs of a model whose variances are greater than 0.
  init(of model: MixtureModel) {
    let components = model.components
    let half = Double(model.dimension) / 2
    let equal = 1 / Double(components)
    let variances =
      model.variances ?? [Double](repeating: model.variance, count: components)
    let mixingWeights =
      model.mixingWeights ?? [Double](repeating: equal, count: components)
    offsets = (0..<components).map { c in
      half * log(2 * .pi * variances[c]) - log(mixingWeights[c])
    }
    precisions = variances.map { 1 / (2 * $0) }
    live = (0..<components).filter { mixingWeights[$0] > 0 }
      .map { Int32(truncatingIfNeeded: $0) }
  }

  /// Calls `body` with the storage, and that of the means.
  func withUnsafeComponents<Result>(
    _ means: UnsafeMeans, _ body: (UnsafeComponents) -> Result
  ) -> Result {
    offsets.withUnsafeBufferPointer { offsets in
      precisions.withUnsafeBufferPointer { precisions in
        live.withUnsafeBufferPointer { live in
          guard let offsets = offsets.baseAddress,
            let precisions = precisions.baseAddress
          else { preconditionFailure("models are never empty") }
          return body(
            UnsafeComponents(
              means: means, offsets: offsets, precisions: precisions,
              live: live))
        }
      }
    }
  }
}
