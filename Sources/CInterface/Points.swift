// The header has the names of these functions, and their documentation.
// swift-format-ignore-file: AlwaysUseLowerCamelCase
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import CQuantize
import Quantization
import TruncatedEM

private typealias Box = Handle<PointTree>

@c @implementation
public func quantize_points_create(
  _ values: UnsafeRawPointer?, _ type: quantize_number, _ count: Int,
  _ dimension: Int, _ weights: UnsafePointer<Double>?,
  _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> quantize_status {
  status { () throws(Failure) in
    let out = try given(out, "out")
    let values = try given(values, "values")
    guard dimension >= 1 else { throw Failure(FitError.dimension(dimension)) }
    guard count >= 1 else { throw Failure(FitError.noPoints) }
    let numbers = try size(count, dimension, 8, name: "the points") / 8
    let coordinates: [Double]
    switch type {
    case QUANTIZE_NUMBER_FLOAT32:
      coordinates = copy(values, numbers, of: Float.self) { Double($0) }
    case QUANTIZE_NUMBER_FLOAT64:
      coordinates = copy(values, numbers, of: Double.self) { $0 }
    default:
      throw .argument("a coordinate has no type \(type.rawValue)")
    }
    let points = try fitting { () throws(FitError) in
      try WeightedPoints(
        coordinates: coordinates,
        weights: weights.map {
          Array(UnsafeBufferPointer(start: $0, count: count))
        }, dimension: dimension)
    }
    Box.give(PointTree(points, threads: processors), to: out)
  }
}

/// Copies numbers, which need not be aligned.
private func copy<Number>(
  _ start: UnsafeRawPointer, _ count: Int, of: Number.Type,
  _ converted: (Number) -> Double
) -> [Double] {
  let width = MemoryLayout<Number>.size
  return [Double](unsafeUninitializedCapacity: count) { numbers, filled in
    for n in 0..<count {
      numbers.initializeElement(
        at: n,
        to: converted(
          start.loadUnaligned(fromByteOffset: n * width, as: Number.self)))
    }
    filled = count
  }
}

@c @implementation
public func quantize_points_free(_ points: OpaquePointer?) {
  Box.release(points)
}

@c @implementation
public func quantize_points_fit(
  _ points: OpaquePointer?, _ options: OpaquePointer?,
  _ progress: quantize_progress?, _ context: UnsafeMutableRawPointer?,
  _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> quantize_status {
  status { () throws(Failure) in
    let out = try given(out, "out")
    let tree = try Box.of(points, "points").value
    let call = callOptions(options)
    let components = try call.components()
    let engine = try fitting { () throws(FitError) in
      try TruncatedEM(call.fit())
    }
    let fit = try observed(progress, context) { observer throws(Failure) in
      observer?(.stage(.fit))
      return try fitting { () throws(FitError) in
        if let means = call.means {
          return try engine.fit(
            tree, from: means, truncation: Truncation(call.cprime))
        }
        return try engine.fit(
          tree, components: components, truncation: Truncation(call.cprime),
          seed: call.seed)
      }
    }
    Handle.give(FittedModel(fit), to: out)
  }
}

/// The engine of a call without options.
func engine(_ threads: Int) throws(Failure) -> TruncatedEM {
  var options = FitOptions()
  options.threads = try threadCount(threads)
  let changed = options
  return try fitting { () throws(FitError) in try TruncatedEM(changed) }
}

@c @implementation
public func quantize_points_evaluate(
  _ points: OpaquePointer?, _ model: OpaquePointer?, _ cprime: Int,
  _ threads: Int, _ freeEnergy: UnsafeMutablePointer<Double>?,
  _ inertia: UnsafeMutablePointer<Double>?,
  _ entropy: UnsafeMutablePointer<Double>?
) -> quantize_status {
  status { () throws(Failure) in
    let tree = try Box.of(points, "points").value
    let model = try Handle<FittedModel>.of(model, "model").value.model
    let engine = try engine(threads)
    let evaluation = try fitting { () throws(FitError) in
      try engine.evaluate(tree, under: model, truncation: Truncation(cprime))
    }
    freeEnergy?.pointee = evaluation.freeEnergy
    inertia?.pointee = evaluation.inertia
    entropy?.pointee = evaluation.entropy
  }
}

@c @implementation
public func quantize_points_nearest(
  _ points: OpaquePointer?, _ model: OpaquePointer?, _ threads: Int,
  _ components: UnsafeMutablePointer<UInt16>?
) -> quantize_status {
  status { () throws(Failure) in
    let tree = try Box.of(points, "points").value
    let model = try Handle<FittedModel>.of(model, "model").value.model
    let components = try given(components, "components")
    let engine = try engine(threads)
    let nearest = try fitting { () throws(FitError) in
      try engine.nearestComponents(to: tree, in: model)
    }
    components.update(from: nearest, count: nearest.count)
  }
}

@c @implementation
public func quantize_points_posterior(
  _ points: OpaquePointer?, _ model: OpaquePointer?, _ cprime: Int,
  _ threads: Int, _ components: UnsafeMutablePointer<UInt16>?,
  _ responsibilities: UnsafeMutablePointer<Float>?
) -> quantize_status {
  status { () throws(Failure) in
    let tree = try Box.of(points, "points").value
    let model = try Handle<FittedModel>.of(model, "model").value.model
    let components = try given(components, "components")
    let responsibilities = try given(responsibilities, "responsibilities")
    guard cprime <= model.components else {
      throw .argument(
        "C' must be at most the number of components (\(model.components)), "
          + "not \(cprime)")
    }
    _ = try size(tree.points.count, cprime, 8, name: "the posterior")
    let engine = try engine(threads)
    let posterior = try fitting { () throws(FitError) in
      try engine.posterior(
        of: tree, under: model, truncation: Truncation(cprime))
    }
    components.update(
      from: posterior.components, count: posterior.components.count)
    responsibilities.update(
      from: posterior.responsibilities,
      count: posterior.responsibilities.count)
  }
}
