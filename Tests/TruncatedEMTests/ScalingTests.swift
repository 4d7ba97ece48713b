import Testing
import TruncatedEM
import _TestSupport

/// Points and a multiple of them have the same fit, but for the factor.
@Suite struct ScalingTests {
  private static let points: [Float] = {
    var numbers = Generator(seed: 11)
    return (0..<1_200).flatMap { n -> [Float] in
      let center = [Float(1), 4, 5.5][n % 3]
      return (0..<2).map { d in
        let noise = (0..<3).reduce(Float(0)) { sum, _ in
          sum + Float(numbers.next() >> 40) / Float(1 << 24)
        }
        return center * Float(d + 1) + noise * [0.3, 1, 0.6][n % 3]
      }
    }
  }()

  private func fit(_ factor: Float, _ options: FitOptions) throws -> Fit {
    let points = try WeightedPoints(
      coordinates: Self.points.map { $0 * factor },
      weights: [Float](repeating: 1, count: 1_200), dimension: 2)
    return try TruncatedEM(options).fit(
      points, components: 4, truncation: .soft(2), seed: 3)
  }

  /// F is near 0 for some of the factors, and yet ends the fit as elsewhere.
  @Test(arguments: [false, true])
  func convergenceDoesNotDependOnTheUnit(isGeneral: Bool) throws {
    var options = FitOptions()
    if isGeneral {
      options.covariance = .spherical
      options.mixingWeights = .learned
    }
    let expected = try fit(1, options)
    for exponent in [-20, -3, -2, -1, 1, 2, 9, 30] {
      let factor = Float(sign: .plus, exponent: exponent, significand: 1)
      let found = try fit(factor, options)
      #expect(found.iterations.count == expected.iterations.count)
      #expect(found.converged)
      for (a, b) in zip(found.model.means, expected.model.means) {
        #expect(abs(a / Double(factor) - b) < 1e-9 * abs(b))
      }
      let ratio = found.model.variance / expected.model.variance
      #expect(abs(ratio / Double(factor * factor) - 1) < 1e-9)
    }
  }
}
