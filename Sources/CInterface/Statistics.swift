// The header has the names of these functions, and their documentation.
// swift-format-ignore-file: AlwaysUseLowerCamelCase
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import CQuantize
import TruncatedEM

private typealias Box = Handle<FittedModel>

@c @implementation
public func quantize_model_statistics_count(_ model: OpaquePointer?) -> Int {
  Box.known(model).map { SharedStatistics.count(of: $0.value.model) } ?? 0
}

@c @implementation
public func quantize_points_statistics(
  _ points: OpaquePointer?, _ model: OpaquePointer?, _ cprime: Int,
  _ threads: Int, _ statistics: UnsafeMutablePointer<Double>?
) -> quantize_status {
  status { () throws(Failure) in
    let tree = try Handle<PointTree>.of(points, "points").value
    let model = try Box.of(model, "model").value.model
    let statistics = try given(statistics, "statistics")
    let engine = try engine(threads)
    let numbers = try fitting { () throws(FitError) in
      try engine.statistics(
        of: tree, under: model, truncation: Truncation(cprime))
    }.numbers
    statistics.update(from: numbers, count: numbers.count)
  }
}

@c @implementation
public func quantize_model_maximize(
  _ model: OpaquePointer?, _ statistics: UnsafePointer<Double>?,
  _ learned_weights: Bool, _ separate: Bool,
  _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> quantize_status {
  status { () throws(Failure) in
    let out = try given(out, "out")
    let model = try Box.of(model, "model").value.model
    let start = try given(statistics, "statistics")
    let numbers = Array(
      UnsafeBufferPointer(
        start: start, count: SharedStatistics.count(of: model)))
    let old = try fitting { () throws(FitError) in
      try model.learning(mixingWeights: learned_weights, variances: separate)
    }
    // Of numbers that no E-step gives the step can be anywhere.
    let sum = SharedStatistics(numbers: numbers, of: old)
    guard let next = sum?.maximized(from: old), next.isFinite else {
      throw .argument("the statistics are not those of an E-step")
    }
    Box.give(FittedModel(next), to: out)
  }
}

extension MixtureModel {
  /// Whether all parameters are numbers.
  fileprivate var isFinite: Bool {
    means.allSatisfy(\.isFinite) && variance.isFinite
      && variances?.allSatisfy(\.isFinite) ?? true
      && mixingWeights?.allSatisfy(\.isFinite) ?? true
  }

  /// The model with the parameters that an M-step is to learn.
  fileprivate func learning(
    mixingWeights isLearned: Bool, variances isSeparate: Bool
  ) throws(FitError) -> MixtureModel {
    let equal = [Double](
      repeating: 1 / Double(components), count: components)
    let weights = isLearned ? mixingWeights ?? equal : nil
    if isSeparate {
      return try MixtureModel(
        means: means, mixingWeights: weights,
        variances: variances
          ?? [Double](repeating: variance, count: components),
        dimension: dimension)
    }
    return try MixtureModel(
      means: means, mixingWeights: weights, variance: variance,
      dimension: dimension)
  }
}
