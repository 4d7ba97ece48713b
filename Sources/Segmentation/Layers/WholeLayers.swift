/// Turns the colours of layers at a pixel into whole numbers that are the pixel again to
/// the last bit, whether a program rounds or cuts off, after each layer or at the end.
///
/// **Normal blending.** From the top down, a layer with colour u and weight p lies over
/// what the layers below it make, a colour b. u and b are chosen as whole numbers close
/// to the ideal ones and such that
///
///     1/64 ≤ p u + (1 − p) b − t ≤ 5/16
///
/// for the whole number t that they have to make; then b is what the rest has to make.
/// (Where there are none, u = b = t. Alphas of translucent pixels are within 5/16.) The
/// sum of what is left over stays below 7/16 as well, for programs that only round at
/// the end.
///
/// **Addition.** Each layer gets its product with its share, rounded down, and the
/// layers that lost most get what is missing.
package struct WholeLayers {
  /// The sample that stands for 1.
  package let most: Double

  /// The least share of a pixel that a layer over or below others can have: with less,
  /// its colour would be far off where it makes good what the others are rounded by.
  package var leastShare: Double { 4 / (most + 1) }

  /// How much a blend may be off.
  private static let least = 1.0 / 64
  private static let greatest = 5.0 / 16

  /// The most that all together may be.
  private static let greatestTotal = 7.0 / 16

  /// How many neighbours of an ideal sample are tried.
  private static let trials = 9

  /// What a layer has at a pixel.
  package struct Sample {
    /// The layer's number.
    package var layer: Int

    /// Red, green and blue, whole numbers.
    package var color: SIMD3<Double>

    /// A whole number.
    package var alpha: Double
  }

  /// Layers of samples from 0 to `most`.
  package init(most: Double) { self.most = most }

  /// Finds whole numbers for layers over each other.
  ///
  /// - Parameters:
  ///   - ideal: The layers with their shares and colours.
  ///   - color: The pixel's samples, whole numbers.
  ///   - alpha: The pixel's alpha, a whole number above 0.
  ///   - samples: Room for a sample of each layer.
  /// - Returns: How many layers can be seen, from the top.
  @inline(__always)
  package func normal(
    _ ideal: LayerColors, _ color: SIMD3<Double>, alpha: Double,
    _ samples: UnsafeMutablePointer<Sample>
  ) -> Int {
    let count = over(ideal, color, alpha, samples)
    guard count > 1, alpha < most, !makes(color, alpha, count, samples) else {
      return count
    }
    // Rarely numbers are too small to be divided: the largest share has it all.
    var largest = 0
    for i in 1..<ideal.count where ideal.shares[i] > ideal.shares[largest] {
      largest = i
    }
    samples[0] = Sample(
      layer: ideal.layers[largest], color: color, alpha: alpha)
    return 1
  }

  /// Whether layers make a translucent pixel where nothing is rounded in between.
  private func makes(
    _ color: SIMD3<Double>, _ alpha: Double, _ count: Int,
    _ samples: UnsafeMutablePointer<Sample>
  ) -> Bool {
    var sum = SIMD3<Double>.zero
    var through = 1.0
    for i in 0..<count {
      let share = samples[i].alpha / most * through
      sum += share * samples[i].color
      through -= share
    }
    let error = sum / (1 - through) - color
    return abs(most * (1 - through) - alpha) < 0.45
      && error.min() > -1e-9 && error.max() < 0.45
  }

  private func over(
    _ ideal: LayerColors, _ color: SIMD3<Double>, _ alpha: Double,
    _ samples: UnsafeMutablePointer<Sample>
  ) -> Int {
    let count = ideal.count
    var visible = 0
    // What the layers from here on have to make.
    var target = color
    var left = alpha
    var share = 1.0
    // How much of the pixel that is, and what those above are off by.
    var weight = 1.0
    var off = SIMD3<Double>.zero
    // How far the rest was moved from its ideal.
    var shift = SIMD3<Double>.zero
    for i in 0..<count {
      let part = i == count - 1 ? 1 : min(1, ideal.shares[i] / share)
      let (own, below) = alphas(part, of: left)
      guard below > 0 else {
        samples[visible] = Sample(
          layer: ideal.layers[i], color: target, alpha: left)
        return visible + 1
      }
      let rest = share - ideal.shares[i]
      defer { share = rest }
      guard own > 0 else { continue }
      let made = own + (most - own) * below / most
      let p = own / made
      // The ideal colour of all below.
      var ahead = SIMD3<Double>.zero
      for j in i + 1..<count { ahead += ideal.shares[j] * ideal.colors[j] }
      ahead = most * ahead / max(.leastNormalMagnitude, rest) + shift
      let top = most * ideal.colors[i] + shift
      var chosen = target
      var next = target
      for d in 0..<3 {
        let (u, b) = pair(
          p, target[d], top[d], ahead[d], weight, off[d])
        chosen[d] = u
        next[d] = b
        off[d] += weight * (p * u + (1 - p) * b - target[d])
      }
      samples[visible] = Sample(
        layer: ideal.layers[i], color: chosen, alpha: own)
      visible += 1
      shift += next - ahead
      target = next
      left = below
      weight *= 1 - p
    }
    return visible
  }

  /// The alpha of a layer and of all below it, whole numbers.
  @inline(__always)
  private func alphas(
    _ part: Double, of alpha: Double
  ) -> (own: Double, below: Double) {
    let wanted = (part * alpha).rounded()
    guard wanted > 0 else { return (0, alpha) }
    guard wanted < alpha else { return (alpha, 0) }
    guard alpha < most else { return (wanted, most) }
    // Neighbours until the alpha of both together is right.
    for trial in 0..<Self.trials {
      let own = wanted + Self.neighbor(trial)
      guard own > 0, own < alpha else { continue }
      let below = (most * (alpha - own) / (most - own)).rounded()
      guard below > 0 else { continue }
      let error = own + (most - own) * below / most - alpha
      if abs(error) <= Self.greatest { return (own, below) }
    }
    return part >= 0.5 ? (alpha, 0) : (0, alpha)
  }

  /// Whole numbers u and b near `top` and `ahead` with p u + (1 − p) b ≈ target.
  @inline(__always)
  private func pair(
    _ p: Double, _ target: Double, _ top: Double, _ ahead: Double,
    _ weight: Double, _ off: Double
  ) -> (Double, Double) {
    let rest = 1 - p
    // What this blend may be off by: alone, and with those above.
    let low = Self.least
    let high = min(Self.greatest, (Self.greatestTotal - off) / weight)
    let base = top.rounded()
    var best = (target, target)
    var least =
      p * (target - top) * (target - top)
      + rest * (target - ahead) * (target - ahead)
    for trial in 0..<Self.trials {
      let u = base + Self.neighbor(trial)
      guard u >= 0, u <= most else { continue }
      let cost = p * (u - top) * (u - top)
      // Neighbours come in the order of their distance, but for the sign.
      if cost >= least, trial > 2 { break }
      let fewest = max(0, ((target + low - p * u) / rest).rounded(.up))
      let greatest = min(most, ((target + high - p * u) / rest).rounded(.down))
      guard fewest <= greatest else { continue }
      let b = min(greatest, max(fewest, ahead.rounded()))
      let sum = cost + rest * (b - ahead) * (b - ahead)
      if sum < least {
        least = sum
        best = (u, b)
      }
    }
    return best
  }

  /// 0, 1, −1, 2, −2, …
  @inline(__always)
  private static func neighbor(_ trial: Int) -> Double {
    let distance = Double((trial + 1) / 2)
    return trial % 2 == 1 ? distance : -distance
  }

  /// Finds whole numbers for layers that add up.
  ///
  /// - Parameters:
  ///   - ideal: The layers with their shares and colours.
  ///   - color: The pixel's samples, whole numbers.
  ///   - samples: Room for a sample of each layer.
  /// - Returns: How many layers have one.
  @inline(__always)
  package func sum(
    _ ideal: LayerColors, _ color: SIMD3<Double>,
    _ samples: UnsafeMutablePointer<Sample>
  ) -> Int {
    let count = ideal.count
    for i in 0..<count {
      samples[i] = Sample(
        layer: ideal.layers[i],
        color: most * ideal.shares[i] * ideal.colors[i], alpha: most)
    }
    for d in 0..<3 { roundParts(count, samples, d, color[d]) }
    return count
  }

  /// Rounds one sample of the layers so that they sum to a whole number: by the
  /// largest remainder, the upper layer first where two are the same.
  @inline(__always)
  private func roundParts(
    _ count: Int, _ samples: UnsafeMutablePointer<Sample>, _ d: Int,
    _ total: Double
  ) {
    var missing = total
    for i in 0..<count { missing -= max(0, samples[i].color[d]).rounded(.down) }
    while missing > 0 {
      var place = 0
      var most = -1.0
      for i in 0..<count {
        let remainder = samples[i].color[d] - samples[i].color[d].rounded(.down)
        if remainder > most {
          most = remainder
          place = i
        }
      }
      samples[place].color[d] = samples[place].color[d].rounded(.down) + 1
      missing -= 1
    }
    for i in 0..<count {
      samples[i].color[d] = max(0, samples[i].color[d]).rounded(.down)
    }
  }
}
