import Segmentation
import Testing
import _TestSupport

/// The colours are the least squares that the comment of `LayerColors` states. The
/// oracle finds λ by bisection, whose sum Σ w clip(m + v λ) grows with it.
@Suite struct LayerColorsTests {
  private struct Problem {
    var shares: [Double]
    var means: [SIMD3<Double>]
    var variances: [Double]
    var color: SIMD3<Double>
  }

  private static func problem(_ random: inout Generator) -> Problem {
    let count = Int.random(in: 2...6, using: &random)
    func sample() -> Double {
      // Often at an end of the range.
      switch Int.random(in: 0..<6, using: &random) {
      case 0: 0
      case 1: 1
      default: Double.random(in: 0...1, using: &random)
      }
    }
    func color() -> SIMD3<Double> { SIMD3(sample(), sample(), sample()) }
    return Problem(
      shares: (0..<count).map { _ in
        Double.random(in: 0.001...1, using: &random)
      }, means: (0..<count).map { _ in color() },
      variances: (0..<count).map { _ in
        Double.random(in: 0.1...3, using: &random)
      }, color: color())
  }

  private static func bisected(_ problem: Problem, _ d: Int) -> [Double] {
    let total = problem.shares.reduce(0, +)
    func colors(_ step: Double) -> [Double] {
      problem.means.indices.map {
        min(1, max(0, problem.means[$0][d] + problem.variances[$0] * step))
      }
    }
    var (low, high) = (-20.0, 20.0)
    for _ in 0..<200 {
      let middle = (low + high) / 2
      let sum = zip(problem.shares, colors(middle)).reduce(0) {
        $0 + $1.0 / total * $1.1
      }
      if sum < problem.color[d] { low = middle } else { high = middle }
    }
    return colors((low + high) / 2)
  }

  @Test func colorsAreTheClosestThatMakeThePixel() {
    var random = Generator(seed: 7)
    var ideal = LayerColors(capacity: 6)
    defer { ideal.deallocate() }
    for _ in 0..<2_000 {
      let problem = Self.problem(&random)
      ideal.removeAll()
      for n in problem.shares.indices.shuffled(using: &random) {
        ideal.add(
          n, problem.shares[n], mean: problem.means[n],
          variance: problem.variances[n])
      }
      ideal.solve(problem.color)
      #expect(ideal.count == problem.shares.count)
      var sum = SIMD3<Double>.zero
      for i in 0..<ideal.count {
        #expect(ideal.layers[i] == i)
        sum += ideal.shares[i] * ideal.colors[i]
      }
      for d in 0..<3 {
        #expect(abs(sum[d] - problem.color[d]) < 1e-9)
        let wanted = Self.bisected(problem, d)
        for i in 0..<ideal.count {
          #expect(abs(ideal.colors[i][d] - wanted[i]) < 1e-6)
        }
      }
    }
  }

  @Test func componentsOfALayerAreAveraged() {
    var ideal = LayerColors(capacity: 3)
    defer { ideal.deallocate() }
    ideal.add(4, 0.25, mean: SIMD3(1, 0, 0), variance: 1)
    ideal.add(2, 0.5, mean: SIMD3(0, 0, 1), variance: 1)
    ideal.add(4, 0.25, mean: SIMD3(0, 1, 0), variance: 3)
    #expect(ideal.count == 2)
    #expect(ideal.layers[0] == 2 && ideal.layers[1] == 4)
    #expect(ideal.shares[1] == 0.5)
    #expect(ideal.means[1] == SIMD3(0.5, 0.5, 0))
    #expect(ideal.variances[1] == 2)
  }
}
