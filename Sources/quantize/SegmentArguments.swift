import ArgumentParser
import Quantization
import QuantizeKit
import Segmentation
import TruncatedEM

/// What the segments are.
struct SegmentArguments: ParsableArguments {
  @Option(
    name: [.customShort("k", allowingJoined: true), .long],
    parsing: .unconditional,
    help: ArgumentHelp(
      "How many segments a mixture has, 1 to 65536. (default: 8)",
      valueName: "n"))
  var colors: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      The weight of positions beside colours, 0 or more; with 1 the longer side \
      of the image is as far as black from white in one channel. (default: 0)
      """, valueName: "x"))
  var spatial: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Cut into this many superpixels instead, 1 to 65536; C' is then 1 to \
      \(SuperpixelOptions.maximumTruncation).
      """, valueName: "n"))
  var superpixels: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      How much positions count against colours in superpixels, 0 or more. \
      (default: 8)
      """, valueName: "x"))
  var compactness: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Give connected regions of fewer pixels to the neighbour that is most \
      responsible for them, 1 or more. (default: 1)
      """, valueName: "n"))
  var minRegion: Int?

  /// k.
  var components: Int { colors ?? 8 }

  /// What the options ask for.
  ///
  /// - Parameters:
  ///   - fit: How mixtures are fitted.
  ///   - alpha: What becomes of transparency.
  ///   - outputs: What is written.
  /// - Returns: Options for one image.
  /// - Throws: `QuantizeError.usage`.
  func options(
    _ fit: FitArguments, _ alpha: AlphaOptions, _ outputs: SegmentOutputs
  ) throws(QuantizeError) -> SegmentOptions {
    var options =
      if let superpixels {
        try self.superpixels(superpixels, fit)
      } else {
        try mixture(fit)
      }
    options.alpha = try alpha.treatment()
    options.outlineTolerance = try outputs.tolerance()
    if let color = outputs.overlayColor { options.overlayColor = color }
    return options
  }

  private func mixture(
    _ fit: FitArguments
  ) throws(QuantizeError) -> SegmentOptions {
    guard compactness == nil else {
      throw .usage(
        "--compactness is for superpixels; ask for them with --superpixels, or "
          + "weigh positions with --spatial")
    }
    let spatial = spatial ?? 0
    guard spatial >= 0, spatial.isFinite else {
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
      .mixture(size, common.truncation, spatial: spatial))
    options.leastRegion = least
    options.fit = FitOptions(common.quantizer)
    options.seed = common.seed
    return options
  }

  private func superpixels(
    _ count: Int, _ fit: FitArguments
  ) throws(QuantizeError) -> SegmentOptions {
    let others: [(String, Bool)] = [
      ("-k", colors != nil), ("--spatial", spatial != nil),
      ("--min-region", minRegion != nil),
    ]
    for (option, isGiven) in others where isGiven {
      throw .usage("--superpixels contradicts \(option); give one of them")
    }
    guard (1...65_536).contains(count) else {
      throw .usage("--superpixels must be 1 to 65536, not \(count)")
    }
    var options = SuperpixelOptions(count: count)
    let most = SuperpixelOptions.maximumTruncation
    guard (1...most).contains(fit.cprime) else {
      throw .usage(
        "--cprime must be 1 to \(most) with --superpixels, not \(fit.cprime)")
    }
    options.truncation = fit.cprime
    if let compactness {
      guard compactness >= 0, compactness.isFinite else {
        throw .usage("--compactness must be 0 or more, not \(compactness)")
      }
      options.compactness = compactness
    }
    var result = SegmentOptions(.superpixels(options))
    result.fit.threads = try fit.threadCount()
    return result
  }
}
