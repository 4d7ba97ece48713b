import ArgumentParser
import ColorModels
import ImageFormats
import Quantization
import QuantizeKit
import Rasters
import Segmentation
import TruncatedEM

/// What the segments are.
struct SegmentArguments: ParsableArguments {
  @Option(
    name: [.customShort("k", allowingJoined: true), .long],
    parsing: .unconditional,
    help: ArgumentHelp(
      "Number of segments, 1 to 65536. (default: 8)", valueName: "n"),
    transform: NumberArgument.whole)
  var colors: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Weight of positions against colours, 0 or more. At 1, the longer side of \
      the image is as far as black from white in one channel. (default: 0)
      """, valueName: "x"),
    transform: NumberArgument.decimal)
  var spatial: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Cut into about n superpixels, 1 to 65536, instead. C' is then 1 to \
      \(SuperpixelOptions.maximumTruncation).
      """, valueName: "n"),
    transform: NumberArgument.whole)
  var superpixels: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Weight of positions against colours in superpixels, 0 or more. \
      (default: 3)
      """, valueName: "x"),
    transform: NumberArgument.decimal)
  var compactness: Double?

  @Option(
    help: ArgumentHelp(
      """
      Cut superpixels only where this image is not black. They are numbered \
      from 1, and the rest is 0.
      """, valueName: "file"),
    completion: FileKinds.image)
  var mask: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Merge regions of fewer than n pixels into a neighbour. It is the one most \
      responsible for them. (default: 1)
      """, valueName: "n"),
    transform: NumberArgument.whole)
  var minRegion: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Prefer the segments of neighbouring pixels, 0 or more. Each that agrees \
      counts x nats: 1 removes single pixels, 3 smooths borders. (default: 0)
      """, valueName: "x"),
    transform: NumberArgument.decimal)
  var smooth: Double?

  @Option(
    help: ArgumentHelp(
      """
      Working space in which colours are compared: \(Names.spaces.text). \
      (default: srgb)
      """, valueName: "name"),
    completion: Names.spaces.completion, transform: Names.spaces.parse)
  var space: WorkingSpace?

  @Option(
    name: .customLong("palette"),
    help: ArgumentHelp(
      """
      Use the colours of this palette file or image as the segments, in its \
      order. They stay as they are.
      """, valueName: "file"),
    completion: FileKinds.palette)
  var paletteFile: String?

  @OptionGroup
  var pins: PinArguments

  /// The options that are given and exclude or need others.
  var given: [GivenOption] {
    GivenOption.list([
      "--spatial": spatial != nil, "--superpixels": superpixels != nil,
      "--compactness": compactness != nil, "--min-region": minRegion != nil,
      "--smooth": smooth != nil, "--space": space != nil,
      "--palette": paletteFile != nil, "--mask": mask != nil,
    ]) + pins.given
      + (colors.map { [GivenOption("-k <n>", shown: "-k \($0)")] } ?? [])
  }

  /// k.
  var components: Int { colors ?? 8 }

  /// What the options ask for.
  ///
  /// - Parameters:
  ///   - fit: How mixtures are fitted.
  ///   - alpha: What becomes of transparency.
  ///   - outputs: What is written.
  ///   - palette: The palette that is given, if one is.
  ///   - threads: The most threads.
  /// - Returns: Options for one image.
  /// - Throws: `QuantizeError.usage`.
  func options(
    _ fit: FitArguments, _ alpha: AlphaOptions, _ outputs: SegmentOutputs,
    _ palette: GivenPalette?, threads: Int
  ) throws(QuantizeError) -> SegmentOptions {
    var options =
      if let superpixels {
        try self.superpixels(superpixels, fit)
      } else {
        try mixture(fit, palette)
      }
    options.outlines = try outputs.style()
    options.fit.threads = threads
    options.alpha = try alpha.treatment()
    options.outlineTolerance = try outputs.tolerance()
    if let color = outputs.overlayColor { options.overlayColor = color }
    return options
  }

  /// The palette that is given, if one is.
  ///
  /// - Throws: What reading the file throws.
  func palette(
    _ decoding: DecodeOptions, _ events: JobEvent.Observer
  ) throws(QuantizeError) -> GivenPalette? {
    guard let paletteFile else { return nil }
    return try PaletteSource.read(
      FileLocation(argument: paletteFile), decoding, events: events)
  }

  /// The mask that is given, if one is.
  ///
  /// - Throws: What reading the file throws.
  func mask(
    _ decoding: DecodeOptions, _ events: JobEvent.Observer
  ) throws(QuantizeError) -> PixelMask? {
    guard let mask else { return nil }
    guard !mask.isEmpty else {
      throw .usage("the file name of --mask is empty")
    }
    return try MaskFile.read(
      FileLocation(argument: mask), decoding, events: events)
  }

  /// The files that are read besides the image.
  var files: [FileLocation] {
    [paletteFile, mask].compactMap { $0.map { FileLocation(argument: $0) } }
  }

  private func mixture(
    _ fit: FitArguments, _ palette: GivenPalette?
  ) throws(QuantizeError) -> SegmentOptions {
    let smooth = smooth ?? 0
    guard smooth >= 0 else {
      throw .usage("--smooth must be 0 or more, not \(smooth)")
    }
    let opaque = palette?.palette.colors.filter { $0.alpha == 255 }
    if let opaque, opaque.isEmpty {
      throw .usage("--palette: the file has no opaque colour")
    }
    if let opaque, let colors, colors != opaque.count {
      throw .usage(
        "-k \(colors) contradicts --palette, which has \(opaque.count) opaque "
          + "colours; leave -k out")
    }
    let components = opaque?.count ?? self.components
    let pinned: [RGBColor] =
      if let opaque {
        opaque.map(\.color)
      } else {
        try pins.colors(most: components, of: "-k")
      }
    let spatial = spatial ?? 0
    guard spatial >= 0 else {
      throw .usage("--spatial must be 0 or more, not \(spatial)")
    }
    let least = minRegion ?? 1
    guard least >= 1 else {
      throw .usage("--min-region must be 1 or more, not \(least)")
    }
    let size: PaletteSize
    do {
      size = try PaletteSize(components)
    } catch {
      throw .usage(error.message)
    }
    let common = try fit.options(from: .search(size))
    var options = SegmentOptions(
      .mixture(size, common.quantizer.truncation, spatial: spatial))
    options.leastRegion = least
    options.smoothness = smooth
    options.space = CompositeSpace(space ?? .srgb)
    options.pinned = pinned
    options.keepsOrder = opaque != nil
    options.fit = FitOptions(common.quantizer)
    // That of the image.
    options.fit.leastComponentVariance = nil
    options.seed = common.quantizer.seed
    return options
  }

  private func superpixels(
    _ count: Int, _ fit: FitArguments
  ) throws(QuantizeError) -> SegmentOptions {
    guard (1...65_536).contains(count) else {
      throw .usage("--superpixels must be 1 to 65536, not \(count)")
    }
    var options = SuperpixelOptions(count: count)
    let most = SuperpixelOptions.maximumTruncation
    guard (1...most).contains(fit.truncation) else {
      throw .usage(
        "--cprime must be 1 to \(most) with --superpixels, not "
          + "\(fit.truncation)")
    }
    options.truncation = fit.truncation
    guard mask == nil || fit.truncation == 1 else {
      throw .usage(
        "--mask and --cprime \(fit.truncation) contradict each other: outside "
          + "the mask no superpixel is responsible; give one of them")
    }
    if let compactness {
      guard compactness >= 0 else {
        throw .usage("--compactness must be 0 or more, not \(compactness)")
      }
      options.compactness = compactness
    }
    return SegmentOptions(.superpixels(options))
  }
}
