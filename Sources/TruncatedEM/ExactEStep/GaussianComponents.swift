import CLibrary

/// What a component with a covariance matrix costs a point, the negative logarithm
/// of their joint density:
///
///     −log π_c + ½ log |2π Σ_c| + ½ (y − μ_c)ᵀ Σ_c⁻¹ (y − μ_c)
///
/// (docs/theory.md, equation 11). In nats.
///
/// With Σ_c = L Lᵀ the last term is |W (y − μ_c)|² where W = L⁻¹/√2, which is lower
/// triangular and has the same numbers as Σ_c.
struct GaussianComponents: Sendable {
  /// The part that does not depend on the point, by component; infinite where
  /// π_c is 0.
  let offsets: [Double]

  /// W, stored as Σ_c.
  let whitening: [Double]

  /// The components whose π_c is not 0, in ascending order.
  let live: [Int32]

  /// How matrices are stored.
  let shape: Covariances.Shape

  private let means: [Double]

  /// The costs of a model whose covariances have no eigenvalue that is not greater
  /// than 0.
  init(of model: MixtureModel, _ covariances: Covariances) {
    let (components, dimension) = (model.components, model.dimension)
    let width = covariances.width
    let equal = 1 / Double(components)
    var offsets: [Double] = []
    var whitening: [Double] = []
    whitening.reserveCapacity(components * width)
    for c in 0..<components {
      let values = Array(
        covariances.values[c * width..<(c + 1) * width])
      var logarithm = Double(dimension) / 2 * log(2 * .pi)
      switch covariances.shape {
      case .diagonal:
        for variance in values { logarithm += log(variance) / 2 }
        whitening += values.map { 1 / (2 * $0).squareRoot() }
      case .full:
        let matrix = SymmetricMatrix(dimension: dimension, values: values)
        let factor = matrix.choleskyFactor ?? matrix.floored(1e-300)
        for i in 0..<dimension { logarithm += log(factor[i, i]) }
        whitening += factor.lowerInverse.values.map { $0 * 0.5.squareRoot() }
      }
      offsets.append(logarithm - log(model.mixingWeights?[c] ?? equal))
    }
    self.offsets = offsets
    self.whitening = whitening
    shape = covariances.shape
    live = (0..<components)
      .filter { model.mixingWeights?[$0] ?? equal > 0 }
      .map { Int32(truncatingIfNeeded: $0) }
    means = model.means
  }

  /// Calls `body` with the storage.
  func withUnsafeGaussians<Result>(
    _ body: (UnsafeGaussians) -> Result
  ) -> Result {
    offsets.withUnsafeBufferPointer { offsets in
      whitening.withUnsafeBufferPointer { whitening in
        means.withUnsafeBufferPointer { means in
          live.withUnsafeBufferPointer { live in
            guard let offsets = offsets.baseAddress,
              let whitening = whitening.baseAddress,
              let means = means.baseAddress
            else { preconditionFailure("models are never empty") }
            return body(
              UnsafeGaussians(
                means: means, offsets: offsets, whitening: whitening,
                live: live, isDiagonal: shape == .diagonal))
          }
        }
      }
    }
  }
}

/// The components, as `GaussianPass` reads them.
struct UnsafeGaussians: @unchecked Sendable {
  // Sendable: the memory is only read, and outlives every thread that reads it
  // (`withUnsafeGaussians` waits for them).

  /// Component after component D numbers.
  let means: UnsafePointer<Double>

  /// See `GaussianComponents`.
  let offsets: UnsafePointer<Double>
  let whitening: UnsafePointer<Double>
  let live: UnsafeBufferPointer<Int32>
  let isDiagonal: Bool

  /// What a component costs the four points from `n` on.
  ///
  /// - Parameters:
  ///   - points: The points.
  ///   - n: The first.
  ///   - component: The component.
  ///   - dimension: D.
  ///   - differences: Gets y − μ_c, D vectors.
  /// - Returns: Nats.
  @inline(__always)
  func costs(
    of points: UnsafePoints, _ n: Int, _ component: Int,
    _ dimension: some PointDimension,
    _ differences: UnsafeMutablePointer<SIMD4<Double>>
  ) -> SIMD4<Double> {
    let mean = means + component * dimension.count
    var sum = SIMD4(repeating: offsets[component])
    if isDiagonal {
      let row = whitening + component * dimension.count
      for d in 0..<dimension.count {
        let difference = points.lanes(n, d) - mean[d]
        differences[d] = difference
        let along = difference * row[d]
        sum += along * along
      }
      return sum
    }
    let width = dimension.count * (dimension.count + 1) / 2
    var row = whitening + component * width
    for i in 0..<dimension.count {
      differences[i] = points.lanes(n, i) - mean[i]
      var along = differences[0] * row[0]
      for j in 1..<max(1, i + 1) { along += differences[j] * row[j] }
      sum += along * along
      row += i + 1
    }
    return sum
  }
}
