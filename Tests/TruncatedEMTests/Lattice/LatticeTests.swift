import Foundation
import Testing
import TruncatedEM
import _TestSupport

/// Fits in which points agree with their neighbours.
@Suite struct LatticeTests {
  /// Two halves with much noise.
  private func halves(
    width: Int, height: Int, pages: Int = 1, seed: UInt64
  ) -> (points: [Double], truth: [Int]) {
    var numbers = Generator(seed: seed)
    var points: [Double] = []
    var truth: [Int] = []
    for n in 0..<width * height * pages {
      let side = n % width < width / 2 ? 0 : 1
      truth.append(side)
      for _ in 0..<2 {
        let noise = (0..<6).reduce(0.0) { sum, _ in
          sum + Double.random(in: -1...1, using: &numbers)
        }
        points.append(Double(side) * 2 + noise)
      }
    }
    return (points, truth)
  }

  private func fit(
    _ points: WeightedPoints, _ options: FitOptions, cprime: Int
  ) throws -> Fit {
    try TruncatedEM(options).fit(
      points, components: 3, truncation: .soft(cprime), seed: 1)
  }

  /// Without coupling nothing changes: the posterior is that of the model.
  @Test(arguments: [1, 2, 3])
  func noCouplingIsNoPrior(cprime: Int) throws {
    let (values, _) = halves(width: 30, height: 20, seed: 3)
    let points = try WeightedPoints(coordinates: values, dimension: 2)
    var options = FitOptions()
    options.maximumIterations = 30
    let engine = try TruncatedEM(options)
    let plain = try fit(points, options, cprime: cprime)
    let smooth = try engine.smoothed(
      plain, points, on: Lattice(width: 30, height: 20), coupling: 0)
    let posterior = try engine.posterior(
      of: points, under: smooth.fit.model, truncation: plain.truncation)
    for n in 0..<600 {
      for place in 0..<cprime {
        let (a, b) = (smooth.posterior[n][place], posterior[n][place])
        #expect(a.component == b.component)
        #expect(abs(a.responsibility - b.responsibility) < 1e-6)
      }
    }
    let evaluation = try engine.evaluate(
      points, under: smooth.fit.model, truncation: plain.truncation)
    #expect(abs(evaluation.freeEnergy - smooth.freeEnergy) < 1e-9)
  }

  /// F never falls, for all C', couplings and kinds of mixtures.
  @Test(
    arguments: [1, 2, 3], [0.3, 1.0, 4.0])
  func freeEnergyNeverFalls(cprime: Int, coupling: Double) throws {
    let (values, _) = halves(width: 24, height: 16, pages: 2, seed: 7)
    let points = try WeightedPoints(coordinates: values, dimension: 2)
    for isGeneral in [false, true] {
      var options = FitOptions()
      options.maximumIterations = 25
      options.tolerance = 0
      if isGeneral {
        options.mixingWeights = .learned
        options.covariance = .spherical
      }
      let plain = try fit(points, options, cprime: cprime)
      let smooth = try TruncatedEM(options).smoothed(
        plain, points, on: Lattice(width: 24, height: 16, pages: 2),
        coupling: coupling)
      let history = smooth.fit.iterations.map(\.freeEnergy)
      #expect(history.count + smooth.fit.rejectedSteps == 50)
      for (a, b) in zip(history, history.dropFirst()) {
        #expect(b >= a - 1e-9 * abs(a), "\(a) \(b)")
      }
      #expect(smooth.freeEnergy >= (history.last ?? .infinity) - 1e-9)
    }
  }

  /// The reported F is that of the responsibilities, added up here pair by pair.
  @Test func freeEnergyIsWhatItSays() throws {
    let (values, _) = halves(width: 12, height: 9, seed: 5)
    let points = try WeightedPoints(coordinates: values, dimension: 2)
    let options = FitOptions()
    let plain = try fit(points, options, cprime: 2)
    let coupling = 0.7
    let smooth = try TruncatedEM(options).smoothed(
      plain, points, on: Lattice(width: 12, height: 9), coupling: coupling)
    let model = smooth.fit.model
    func share(_ n: Int, _ c: Int) -> Double {
      for (component, share) in smooth.posterior[n] where component == c {
        return Double(share)
      }
      return 0
    }
    var sum = 0.0
    for n in 0..<108 {
      for (c, float) in smooth.posterior[n] where float > 0 {
        let q = Double(float)
        let mean = model.mean(c)
        let square = (0..<2).reduce(0.0) { sum, d in
          let difference = values[2 * n + d] - mean[d]
          return sum + difference * difference
        }
        let variance = model.variance
        let density =
          -square / (2 * variance) - log(2 * Double.pi * variance) - log(3)
        sum += q * (density - log(q))
        if n % 12 < 11 { sum += coupling * q * share(n + 1, c) }
        if n < 96 { sum += coupling * q * share(n + 12, c) }
      }
    }
    #expect(abs(sum / 108 - smooth.freeEnergy) < 1e-5)
  }

  /// Neighbours help: fewer points are on the wrong side. Pages do not mix, and
  /// threads make no difference.
  @Test func findsWhatNoiseHides() throws {
    let (values, truth) = halves(width: 40, height: 30, seed: 11)
    let points = try WeightedPoints(coordinates: values, dimension: 2)
    var options = FitOptions()
    let plain = try TruncatedEM(options).fit(
      points, components: 2, truncation: .soft(2), seed: 1)
    func wrong(_ posterior: Posterior) -> Int {
      let count = truth.indices.count {
        truth[$0] != posterior[$0][0].component
      }
      return min(count, truth.count - count)
    }
    let lattice = Lattice(width: 40, height: 30)
    let one = try TruncatedEM(options).smoothed(
      plain, points, on: lattice, coupling: 1.5)
    let before = try TruncatedEM(options).posterior(
      of: points, under: plain.model, truncation: .soft(2))
    #expect(wrong(one.posterior) * 3 < wrong(before))
    options.threads = 3
    let three = try TruncatedEM(options).smoothed(
      plain, points, on: lattice, coupling: 1.5)
    #expect(one.fit.model == three.fit.model)
    #expect(one.posterior.components == three.posterior.components)
    #expect(one.freeEnergy == three.freeEnergy)
  }
}
