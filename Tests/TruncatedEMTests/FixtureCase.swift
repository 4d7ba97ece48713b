import Foundation
import Testing
import TruncatedEM

/// One case of the expected results in Fixtures/, computed with NumPy and
/// SciPy by Fixtures/make_fixtures.py.
struct FixtureCase: Decodable, CustomTestStringConvertible {
  let name: String
  let dimension: Int
  let cprime: Int
  let iterations: Int
  let means: [[Double]]
  let freeEnergy: [Double?]
  let inertia: [Double]
  let sigma2: [Double]
  let finalMeans: [[Double]]
  let finalSigma2: Double
  let logLikelihoodPerPoint: Double?
  let boundGap: Double?
  let weights: [Double]
  let points: [[Double]]

  var testDescription: String { name }

  /// All cases of all files.
  static let all: [FixtureCase] = [
    "photo", "counted", "two-components", "dimensions", "fractional-weights",
    "degenerate",
  ].flatMap(load)

  private static func load(_ file: String) -> [FixtureCase] {
    let url = Bundle.module.url(
      forResource: file, withExtension: "json", subdirectory: "Fixtures")
    guard let url, let data = try? Data(contentsOf: url),
      let cases = try? JSONDecoder().decode([FixtureCase].self, from: data)
    else { preconditionFailure("cannot read Fixtures/\(file).json") }
    return cases
  }

  func weightedPoints() throws -> WeightedPoints {
    try WeightedPoints(
      coordinates: points.flatMap { $0 }, weights: weights,
      dimension: dimension)
  }

  func start() throws -> MixtureModel {
    try MixtureModel(means: means.flatMap { $0 }, dimension: dimension)
  }
}

/// Whether two numbers agree to within a share of the larger, or of 1.
func agree(
  _ a: Double, _ b: Double, within tolerance: Double
) -> Bool {
  abs(a - b) <= tolerance * max(1, abs(a), abs(b))
}
