import Foundation
import Testing
import TruncatedEM

/// One case of Fixtures/variants.json, computed with NumPy and SciPy by
/// Fixtures/make_variant_fixtures.py.
struct GeneralCase: Decodable, CustomTestStringConvertible {
  let name: String
  let dimension: Int
  let cprime: Int
  let iterations: Int
  let mixing: String
  let variance: String
  let floor: Double
  let means: [[Double]]
  let freeEnergy: [Double]
  let inertia: [Double]
  let finalMeans: [[Double]]
  let finalProportions: [Double]
  let finalVariances: [Double]
  let logLikelihoodPerPoint: Double
  let weights: [Double]
  let points: [[Double]]

  var testDescription: String { name }

  /// All cases.
  static let all: [GeneralCase] = {
    let url = Bundle.module.url(
      forResource: "variants", withExtension: "json", subdirectory: "Fixtures")
    guard let url, let data = try? Data(contentsOf: url),
      let cases = try? JSONDecoder().decode([GeneralCase].self, from: data)
    else { preconditionFailure("cannot read Fixtures/variants.json") }
    return cases
  }()

  /// The fit of the case after some iterations.
  func fit(iterations: Int) throws -> Fit {
    var options = FitOptions()
    options.maximumIterations = iterations
    options.tolerance = 0
    options.emptyComponents = .keep
    options.mixingWeights = try #require(MixingWeights(rawValue: mixing))
    options.covariance = try #require(CovarianceType(rawValue: variance))
    options.leastComponentVariance = floor
    return try TruncatedEM(options).fit(
      try WeightedPoints(points, weights), from: try MixtureModel(means),
      truncation: Truncation(cprime))
  }
}
