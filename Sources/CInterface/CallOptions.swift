import CLibrary
import ColorModels
import Quantization
import Rasters
package import TruncatedEM

/// The options of the interface, of images and of points.
package struct CallOptions {
  var colors: PaletteSize?
  var cprime = 1
  var seed: UInt64 = 0
  package var effort = Effort.standard
  package var threads = processors
  var iterations: Int?
  var tolerance: Double?
  var space = WorkingSpace.srgb
  var mixing = MixingWeights.equal
  var covariance = CovarianceType.tied
  var leastVariance: Double?
  var balance = 1.0
  var leastRegion = 1
  var importance = Importance.none
  var quality: QualityRange?
  var takesImageColors = false
  var posterization = Posterization.none
  private(set) var ditherMethod = DitherMethod.none
  private(set) var ditherStrength = DitherOptions.standardStrength
  var pinned: [RGBColor] = []
  var means: MixtureModel?
  var palette: FixedPalette?

  /// The entries of `palette` in their order, repeated ones too.
  var entries: [FixedPalette.Color] = []

  /// Whether an image has all of them in this order, used or not.
  var keepsPalette = false

  /// Whether single pixels are exchanged after dithering.
  private var sweeps = false

  /// Whether pictures of two tones are not dithered.
  private var sparesTwoTones = false

  /// Sets the effort.
  ///
  /// - Throws: `Failure` where it is out of range.
  mutating func setEffort(_ level: Int) throws(Failure) {
    effort = try fitting { () throws(FitError) in try Effort(level) }
  }

  /// Sets how to dither.
  mutating func setDither(_ method: DitherMethod, strength: Double) {
    ditherMethod = method
    ditherStrength = strength
    sparesTwoTones = false
  }

  /// Chooses what looks best.
  mutating func preferAppearance() {
    sweeps = true
    sparesTwoTones = true
    space = .oklab
    importance = .automatic
    ditherMethod = .errorDiffusion(.floydSteinberg)
  }

  /// The options of images.
  ///
  /// - Throws: `Failure` where they contradict each other.
  func quantizer() throws(Failure) -> QuantizerOptions {
    var options = QuantizerOptions(
      start: try start(), truncation: Truncation(cprime))
    options.pinned = options.start.isSearched ? pinned : []
    options.seed = seed
    options.threads = threads
    options.effort = effort
    options.maximumIterations = iterations
    options.tolerance = tolerance
    options.mixing = mixing
    options.variance = covariance
    options.space = CompositeSpace(space)
    options.importance = importance
    options.balance = balance
    options.leastRegion = leastRegion
    options.posterization = posterization
    options.takesImageColors = takesImageColors
    if keepsPalette, case .palette = options.start {
      options.order.first = entries
    }
    if ditherMethod != .none {
      options.dither = DitherOptions(ditherMethod, effort: effort)
      options.dither.strength = ditherStrength
      options.dither.sparesTwoTones = sparesTwoTones
      if sweeps { options.dither.sweeps = DitherOptions.sweeps(for: effort) }
    }
    return options
  }

  private func start() throws(Failure) -> QuantizerOptions.Start {
    guard means == nil || palette == nil else {
      throw .argument("means and a palette exclude each other")
    }
    if means != nil || palette != nil, !pinned.isEmpty {
      throw .argument("pinned colours need a search; give no means or palette")
    }
    if let means { return .means(try colorMeans(means)) }
    if let palette {
      return colors.map { .subset($0, of: palette) } ?? .palette(palette)
    }
    let size = try size()
    return quality.map { .choose(ColorCountChoice(.quality($0), upTo: size)) }
      ?? .search(size)
  }

  /// Means of colours, checked.
  private func colorMeans(
    _ means: MixtureModel
  ) throws(Failure) -> MixtureModel {
    guard (3...4).contains(means.dimension) else {
      throw .argument(
        "the means of colours have 3 or 4 coordinates, not \(means.dimension)")
    }
    for component in 0..<means.components {
      guard means.mean(component).allSatisfy((0...255).contains) else {
        throw Failure(QuantizationError.meanOutOfRange(component))
      }
    }
    return means
  }

  /// k, or how many colours there are where none were asked for.
  private func size() throws(Failure) -> PaletteSize {
    if let colors { return colors }
    return try quantizing { () throws(QuantizationError) in
      try PaletteSize(PaletteSize.mostIndexed)
    }
  }

  /// k for points.
  ///
  /// - Throws: `Failure` where it contradicts the means.
  func components() throws(Failure) -> Int {
    guard let means else { return try size().count }
    guard colors == nil || colors?.count == means.components else {
      throw .argument(
        "there are \(means.components) means, but \(colors?.count ?? 0) "
          + "components")
    }
    return means.components
  }

  /// The options of points.
  func fit() -> FitOptions {
    var options = FitOptions()
    options.effort = effort
    options.threads = threads
    options.maximumIterations = iterations ?? options.maximumIterations
    options.tolerance = tolerance ?? options.tolerance
    options.mixingWeights = mixing
    options.covariance = covariance
    options.leastComponentVariance = leastVariance
    return options
  }
}

extension QuantizerOptions.Start {
  /// Whether means are searched for.
  fileprivate var isSearched: Bool {
    switch self {
    case .search, .choose: true
    case .means, .palette, .subset: false
    }
  }
}

/// The processors that this process may use.
package let processors = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))

/// The most threads of a call.
///
/// - Parameter threads: 0 is one for each processor.
/// - Returns: At least 1.
/// - Throws: `Failure` where there are too many.
package func threadCount(_ threads: Int) throws(Failure) -> Int {
  guard (0...1_024).contains(threads) else {
    throw .argument("the number of threads must be 0 to 1024, not \(threads)")
  }
  return threads == 0 ? processors : threads
}

/// Options that may be left out.
package func callOptions(_ options: OpaquePointer?) -> CallOptions {
  Handle<CallOptions>.known(options)?.value ?? CallOptions()
}
