// The header has the names of these functions, and their documentation.
// swift-format-ignore-file: AlwaysUseLowerCamelCase
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import CQuantize
import TruncatedEM

private typealias Box = Handle<FittedModel>

@c @implementation
public func quantize_model_create(
  _ means: UnsafePointer<Double>?, _ components: Int, _ dimension: Int,
  _ variance: Double, _ variances: UnsafePointer<Double>?,
  _ weights: UnsafePointer<Double>?,
  _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> quantize_status {
  status { () throws(Failure) in
    let out = try given(out, "out")
    let means = try model(of: given(means, "means"), components, dimension)
      .means
    func array(_ numbers: UnsafePointer<Double>?) -> [Double]? {
      numbers.map { Array(UnsafeBufferPointer(start: $0, count: components)) }
    }
    let model = try fitting { () throws(FitError) in
      if let variances = array(variances) {
        return try MixtureModel(
          means: means, mixingWeights: array(weights), variances: variances,
          dimension: dimension)
      }
      return try MixtureModel(
        means: means, mixingWeights: array(weights), variance: variance,
        dimension: dimension)
    }
    Box.give(FittedModel(model), to: out)
  }
}

@c @implementation
public func quantize_model_free(_ model: OpaquePointer?) { Box.release(model) }

@c @implementation
public func quantize_model_components(_ model: OpaquePointer?) -> Int {
  Box.known(model)?.value.model.components ?? 0
}

@c @implementation
public func quantize_model_dimension(_ model: OpaquePointer?) -> Int {
  Box.known(model)?.value.model.dimension ?? 0
}

@c @implementation
public func quantize_model_get(
  _ model: OpaquePointer?, _ means: UnsafeMutablePointer<Double>?,
  _ variances: UnsafeMutablePointer<Double>?,
  _ weights: UnsafeMutablePointer<Double>?
) -> quantize_status {
  status { () throws(Failure) in
    let model = try Box.of(model, "model").value.model
    means?.update(from: model.means, count: model.means.count)
    for c in 0..<model.components {
      variances?[c] = model.variances?[c] ?? model.variance
      weights?[c] = model.mixingWeights?[c] ?? 1 / Double(model.components)
    }
  }
}

@c @implementation
public func quantize_model_iterations(_ model: OpaquePointer?) -> Int {
  Box.known(model)?.value.iterations.count ?? 0
}

@c @implementation
public func quantize_model_converged(_ model: OpaquePointer?) -> Bool {
  Box.known(model)?.value.converged ?? false
}

@c @implementation
public func quantize_model_history(
  _ model: OpaquePointer?, _ freeEnergies: UnsafeMutablePointer<Double>?,
  _ inertias: UnsafeMutablePointer<Double>?
) -> quantize_status {
  status { () throws(Failure) in
    let iterations = try Box.of(model, "model").value.iterations
    for (n, iteration) in iterations.enumerated() {
      freeEnergies?[n] = iteration.freeEnergy
      inertias?[n] = iteration.inertia
    }
  }
}
