/// The colours of layers at one pixel: as close to those of their components as they
/// can be while the layers together are the pixel.
///
/// With shares w_i that sum to 1, the components' colours m_i and variances v_i, and
/// the pixel's colour y,
///
///     minimise Σ w_i |u_i − m_i|²/v_i  under  Σ w_i u_i = y,  0 ≤ u_i ≤ 1
///
/// has the solution u_i = clip(m_i + v_i λ), λ for each sample such that the sum is y.
/// λ has the sign of y − Σ w m, so that what reaches an end of the range stays there
/// while the rest is shared by the others: at most as many rounds as there are layers.
/// (docs/theory.md, layers.)
package struct LayerColors {
  /// The layers at the pixel, the top one first.
  package private(set) var count = 0

  /// Room for the number of each layer, its share, mean, variance and colour.
  package let layers: UnsafeMutablePointer<Int>
  package let shares: UnsafeMutablePointer<Double>
  package let means: UnsafeMutablePointer<SIMD3<Double>>
  package let variances: UnsafeMutablePointer<Double>
  package let colors: UnsafeMutablePointer<SIMD3<Double>>

  /// Prepares for at most so many layers at a pixel.
  package init(capacity: Int) {
    layers = .allocate(capacity: capacity)
    shares = .allocate(capacity: capacity)
    means = .allocate(capacity: capacity)
    variances = .allocate(capacity: capacity)
    colors = .allocate(capacity: capacity)
  }

  /// Frees the room.
  package func deallocate() {
    layers.deallocate()
    shares.deallocate()
    means.deallocate()
    variances.deallocate()
    colors.deallocate()
  }

  /// Begins a pixel.
  package mutating func removeAll() { count = 0 }

  /// Adds a component's share to its layer; shares need not sum to 1 yet.
  package mutating func add(
    _ layer: Int, _ share: Double, mean: SIMD3<Double>, variance: Double
  ) {
    // Sorted as they come: there are few.
    var place = count
    while place > 0, layers[place - 1] > layer { place -= 1 }
    if place > 0, layers[place - 1] == layer {
      let other = shares[place - 1]
      let part = share / max(.leastNormalMagnitude, share + other)
      shares[place - 1] = share + other
      means[place - 1] += part * (mean - means[place - 1])
      variances[place - 1] += part * (variance - variances[place - 1])
      return
    }
    var n = count
    while n > place {
      layers[n] = layers[n - 1]
      shares[n] = shares[n - 1]
      means[n] = means[n - 1]
      variances[n] = variances[n - 1]
      n -= 1
    }
    layers[place] = layer
    shares[place] = share
    means[place] = mean
    variances[place] = variance
    count += 1
  }

  /// Leaves out shares that are too small, but not the largest.
  ///
  /// - Parameter least: The smallest share that stays, of all shares; less where the
  ///   largest itself is small.
  package mutating func drop(below least: Double) {
    var total = 0.0
    var largest = 0.0
    for i in 0..<count {
      total += shares[i]
      largest = max(largest, shares[i])
    }
    let bound = min(least * total, largest / 8)
    var kept = 0
    for i in 0..<count where shares[i] >= bound {
      layers[kept] = layers[i]
      shares[kept] = shares[i]
      means[kept] = means[i]
      variances[kept] = variances[i]
      kept += 1
    }
    count = kept
  }

  /// Where a layer is among those of the pixel.
  func place(of layer: Int) -> Int? {
    for i in 0..<count where layers[i] == layer { return i }
    return nil
  }

  /// Finds the colours.
  ///
  /// - Parameter color: The pixel's, 0 to 1.
  /// - Precondition: There is a layer, and shares are above 0. They sum to 1
  ///   afterwards.
  package mutating func solve(_ color: SIMD3<Double>) {
    guard count > 1 else {
      shares[0] = 1
      colors[0] = color
      return
    }
    var total = 0.0
    for i in 0..<count { total += shares[i] }
    var sum = SIMD3<Double>.zero
    var weight = 0.0
    for i in 0..<count {
      shares[i] /= total
      sum += shares[i] * means[i]
      weight += shares[i] * variances[i]
    }
    let step = (color - sum) / weight
    var isInside = true
    for i in 0..<count {
      let moved = means[i] + variances[i] * step
      colors[i] = moved
      isInside =
        isInside && all(moved .>= .zero) && all(moved .<= SIMD3(repeating: 1))
    }
    guard !isInside else { return }
    for d in 0..<3 { clip(d, color[d]) }
  }

  /// Finds one sample of the colours where some reach an end of the range.
  private func clip(_ d: Int, _ sample: Double) {
    for i in 0..<count { colors[i][d] = min(1, max(0, means[i][d])) }
    for _ in 0...count {
      var rest = sample
      for i in 0..<count { rest -= shares[i] * colors[i][d] }
      let end = rest > 0 ? 1.0 : 0
      var weight = 0.0
      for i in 0..<count where colors[i][d] != end {
        weight += shares[i] * variances[i]
      }
      guard weight > 0, abs(rest) > 1e-12 else { return }
      let step = rest / weight
      for i in 0..<count where colors[i][d] != end {
        colors[i][d] = min(1, max(0, colors[i][d] + variances[i] * step))
      }
    }
  }
}
