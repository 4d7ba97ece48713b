/// Four points, each shared among its C' components.
struct SharedBlock {
  private let truncation: Int

  /// Squared distances, nearest first.
  let distances: UnsafeMutablePointer<SIMD4<Double>>

  /// Weights times responsibilities.
  let shares: UnsafeMutablePointer<SIMD4<Double>>

  /// Allocates room.
  init(_ truncation: Int) {
    self.truncation = truncation
    distances = .allocate(capacity: truncation)
    shares = .allocate(capacity: truncation)
    distances.initialize(repeating: .zero, count: truncation)
    shares.initialize(repeating: .zero, count: truncation)
  }

  /// Frees the memory.
  func deallocate() {
    distances.deallocate()
    shares.deallocate()
  }

  /// Computes the shares from the distances, relative to the nearest as
  /// `SoftPass` does.
  ///
  /// - Parameters:
  ///   - weights: One a point.
  ///   - precision: 1/2σ²; with C' = 1 of no interest.
  /// - Returns: log Σ_c exp(−|y − μ_c|²/2σ²) for each point; 0 with C' = 1.
  @inline(__always)
  func share(_ weights: SIMD4<Double>, _ precision: Double) -> SIMD4<Double> {
    guard truncation > 1 else {
      shares[0] = weights
      return .zero
    }
    var total = SIMD4<Double>.zero
    for i in 0..<truncation {
      let q = VectorMath.exp((distances[0] - distances[i]) * precision)
      shares[i] = q
      total += q
    }
    let scale = weights / total
    for i in 0..<truncation { shares[i] *= scale }
    return VectorMath.log(total) - distances[0] * precision
  }
}
