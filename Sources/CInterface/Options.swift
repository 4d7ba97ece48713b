// The header has the names of these functions, and their documentation.
// swift-format-ignore-file: AlwaysUseLowerCamelCase
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import CQuantize
import ColorModels
import Quantization
import Rasters

/// Changes options.
private func change(
  _ options: OpaquePointer?, _ body: (inout CallOptions) throws(Failure) -> Void
) -> quantize_status {
  status { () throws(Failure) in
    let handle = try Handle<CallOptions>.of(options, "options")
    // A setter that fails leaves them as they are.
    var changed = handle.value
    try body(&changed)
    handle.value = changed
  }
}

@c @implementation
public func quantize_options_create(
  _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> quantize_status {
  status { () throws(Failure) in
    Handle.give(CallOptions(), to: try given(out, "out"))
  }
}

@c @implementation
public func quantize_options_free(_ options: OpaquePointer?) {
  Handle<CallOptions>.release(options)
}

@c @implementation
public func quantize_options_set_colors(
  _ options: OpaquePointer?, _ colors: Int
) -> quantize_status {
  change(options) { options throws(Failure) in
    options.colors = try quantizing { () throws(QuantizationError) in
      try PaletteSize(colors)
    }
  }
}

@c @implementation
public func quantize_options_set_cprime(
  _ options: OpaquePointer?, _ cprime: Int
) -> quantize_status {
  change(options) { options throws(Failure) in
    guard cprime >= 1 else {
      throw .argument("C' must be at least 1, not \(cprime)")
    }
    options.cprime = cprime
  }
}

@c @implementation
public func quantize_options_set_seed(
  _ options: OpaquePointer?, _ seed: UInt64
) -> quantize_status {
  change(options) { $0.seed = seed }
}

@c @implementation
public func quantize_options_set_effort(
  _ options: OpaquePointer?, _ effort: CInt
) -> quantize_status {
  change(options) { options throws(Failure) in
    try options.setEffort(Int(effort))
  }
}

@c @implementation
public func quantize_options_set_threads(
  _ options: OpaquePointer?, _ threads: Int
) -> quantize_status {
  change(options) { options throws(Failure) in
    options.threads = try threadCount(threads)
  }
}

@c @implementation
public func quantize_options_set_iterations(
  _ options: OpaquePointer?, _ iterations: CLong
) -> quantize_status {
  change(options) { $0.iterations = iterations < 0 ? nil : Int(iterations) }
}

@c @implementation
public func quantize_options_set_tolerance(
  _ options: OpaquePointer?, _ tolerance: Double
) -> quantize_status {
  change(options) { options throws(Failure) in
    guard tolerance.isFinite else {
      throw .argument("a tolerance is a finite number, not \(tolerance)")
    }
    options.tolerance = tolerance < 0 ? nil : tolerance
  }
}

@c @implementation
public func quantize_options_set_space(
  _ options: OpaquePointer?, _ space: quantize_space
) -> quantize_status {
  change(options) { options throws(Failure) in
    options.space =
      switch space {
      case QUANTIZE_SRGB: .srgb
      case QUANTIZE_LINEAR: .linear
      case QUANTIZE_OKLAB: .oklab
      case QUANTIZE_LAB: .lab
      default: throw .argument("there is no working space \(space.rawValue)")
      }
  }
}

@c @implementation
public func quantize_options_set_learned_weights(
  _ options: OpaquePointer?, _ learned: Bool
) -> quantize_status {
  change(options) { $0.mixing = learned ? .learned : .equal }
}

@c @implementation
public func quantize_options_set_separate_variances(
  _ options: OpaquePointer?, _ separate: Bool
) -> quantize_status {
  change(options) { $0.covariance = separate ? .spherical : .tied }
}

@c @implementation
public func quantize_options_set_least_variance(
  _ options: OpaquePointer?, _ variance: Double
) -> quantize_status {
  change(options) { options throws(Failure) in
    guard variance.isFinite, variance >= 0 else {
      throw .argument(
        "the least variance must be finite and not negative, not \(variance)")
    }
    options.leastVariance = variance == 0 ? nil : variance
  }
}

@c @implementation
public func quantize_options_set_balance(
  _ options: OpaquePointer?, _ balance: Double
) -> quantize_status {
  change(options) { options throws(Failure) in
    guard (0...1).contains(balance) else {
      throw .argument("the balance must be 0 to 1, not \(balance)")
    }
    options.balance = balance
  }
}

@c @implementation
public func quantize_options_set_min_region(
  _ options: OpaquePointer?, _ pixels: Int32
) -> quantize_status {
  change(options) { options throws(Failure) in
    guard pixels >= 1 else {
      throw .argument("the least region must be 1 or more, not \(pixels)")
    }
    options.leastRegion = Int(pixels)
  }
}

@c @implementation
public func quantize_options_set_importance(
  _ options: OpaquePointer?, _ automatic: Bool
) -> quantize_status {
  change(options) { $0.importance = automatic ? .automatic : .none }
}

@c @implementation
public func quantize_options_set_importance_map(
  _ options: OpaquePointer?, _ map: OpaquePointer?
) -> quantize_status {
  change(options) { options in
    options.importance =
      Handle<Pixels>.known(map).map { .map($0.value.rounded()) } ?? .none
  }
}

@c @implementation
public func quantize_options_set_quality(
  _ options: OpaquePointer?, _ least: CInt, _ most: CInt
) -> quantize_status {
  change(options) { options throws(Failure) in
    options.quality = try quantizing { () throws(QuantizationError) in
      try QualityRange(least: Int(least), most: Int(most))
    }
  }
}

@c @implementation
public func quantize_options_set_from_image(
  _ options: OpaquePointer?, _ fromImage: Bool
) -> quantize_status {
  change(options) { $0.takesImageColors = fromImage }
}

@c @implementation
public func quantize_options_set_posterize(
  _ options: OpaquePointer?, _ bits: CInt
) -> quantize_status {
  change(options) { options throws(Failure) in
    options.posterization = try quantizing { () throws(QuantizationError) in
      try Posterization(bits: Int(bits))
    }
  }
}

@c @implementation
public func quantize_options_set_dither(
  _ options: OpaquePointer?, _ method: UnsafePointer<CChar>?,
  _ strength: Double
) -> quantize_status {
  change(options) { options throws(Failure) in
    let name = String(cString: try given(method, "method"))
    guard let method = DitherMethod(name: name) else {
      let names = DitherMethod.all.map(\.name).joined(separator: ", ")
      throw .argument("there is no dithering “\(name)”; there are \(names)")
    }
    guard strength <= 1 else {
      throw .argument(
        "the strength of dithering must be 0 to 1, not \(strength)")
    }
    options.setDither(
      method,
      strength: strength < 0 ? DitherOptions.standardStrength : strength)
  }
}

@c @implementation
public func quantize_options_set_perceptual(
  _ options: OpaquePointer?
) -> quantize_status {
  change(options) { $0.preferAppearance() }
}

@c @implementation
public func quantize_options_set_pinned(
  _ options: OpaquePointer?, _ rgb: UnsafePointer<UInt8>?, _ count: Int
) -> quantize_status {
  change(options) { options throws(Failure) in
    guard count > 0 else {
      options.pinned = []
      return
    }
    let rgb = try given(rgb, "rgb")
    guard count <= PaletteSize.range.upperBound else {
      throw Failure(QuantizationError.paletteColors(count))
    }
    var seen: Set<RGBColor> = []
    options.pinned = (0..<count).map {
      RGBColor(red: rgb[3 * $0], green: rgb[3 * $0 + 1], blue: rgb[3 * $0 + 2])
    }.filter { seen.insert($0).inserted }
  }
}

@c @implementation
public func quantize_options_set_means(
  _ options: OpaquePointer?, _ means: UnsafePointer<Double>?, _ count: Int,
  _ dimension: Int
) -> quantize_status {
  change(options) { options throws(Failure) in
    guard count > 0 else {
      options.means = nil
      return
    }
    let means = try given(means, "means")
    options.means = try model(of: means, count, dimension)
  }
}

@c @implementation
public func quantize_options_set_palette(
  _ options: OpaquePointer?, _ rgba: UnsafePointer<UInt8>?, _ count: Int
) -> quantize_status {
  change(options) { options throws(Failure) in
    guard count > 0 else {
      (options.palette, options.entries) = (nil, [])
      return
    }
    let rgba = try given(rgba, "rgba")
    guard count <= FixedPalette.most else {
      throw Failure(QuantizationError.paletteColors(count))
    }
    let colors = (0..<count).map { n in
      FixedPalette.Color(
        color: RGBColor(
          red: rgba[4 * n], green: rgba[4 * n + 1], blue: rgba[4 * n + 2]),
        alpha: rgba[4 * n + 3])
    }
    options.palette = try quantizing { () throws(QuantizationError) in
      try FixedPalette(colors)
    }
    options.entries = colors
  }
}

@c @implementation
public func quantize_options_set_keep_palette(
  _ options: OpaquePointer?, _ keepsPalette: Bool
) -> quantize_status {
  change(options) { $0.keepsPalette = keepsPalette }
}
