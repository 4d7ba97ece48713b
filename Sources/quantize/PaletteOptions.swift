import ArgumentParser
import Quantization
import QuantizeKit
import Rasters
import TruncatedEM

/// How many colours, and where they come from.
struct PaletteOptions: ParsableArguments {
  // Numbers are taken unconditionally, so that "-3" is a wrong number rather
  // than an option that nobody knows.
  @Option(
    name: [.customShort("k", allowingJoined: true), .long],
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      How many colours, 1 to 65536, or auto; above 256 the PNG is RGB. \
      (default: 256)
      """, valueName: "n"),
    transform: ColorCount.init(argument:))
  var colors: ColorCount?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The most colours that auto chooses, 1 to 65536. (default: 256)",
      valueName: "n"))
  var kMax: Int?

  @Option(
    help: ArgumentHelp(
      "What auto minimises without a target: bic or aic. (default: bic)",
      valueName: "name"),
    transform: parseCriterion)
  var criterion: InformationCriterion?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Choose the fewest colours with this PSNR, in dB.", valueName: "x"))
  var targetPsnr: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Choose the fewest colours with this mean CIEDE2000.", valueName: "x"))
  var targetDeltaE: Double?

  @Option(
    name: [.customShort("Q", allowingJoined: true), .long],
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Choose the fewest colours, at most k, that are as good as pngquant with \
      this max; write nothing, exit status 99, below min. 0 to 100.
      """, valueName: "min-max"),
    transform: QualityRange.init(argument:))
  var quality: QualityRange?

  @Option(
    name: .customLong("init"),
    help: ArgumentHelp(
      """
      JSON array of [r, g, b] or [r, g, b, a], 0 to 255: plain EM from exactly \
      these means, whose number is k.
      """, valueName: "file"))
  var initialMeans: String?

  @Option(
    name: .customLong("palette"),
    help: ArgumentHelp(
      """
      Map to the colours of this palette file or image, at most 256, as they \
      are; nothing is fitted.
      """, valueName: "file"))
  var paletteFile: String?

  @Option(
    help: ArgumentHelp(
      "The same as --palette, as pngquant calls it.", valueName: "file"))
  var map: String?

  @Option(
    name: .customLong("pin"),
    help: ArgumentHelp(
      """
      Have exactly this colour in the palette, #rrggbb, #rgb or a name of CSS, \
      and fit the others around it; may be given again.
      """, valueName: "color"),
    transform: RGBColor.init(argument:))
  var pins: [RGBColor] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Give up the last n bits of the palette's samples, 0 to 4.",
      valueName: "n"))
  var posterize = 0

  /// Where the fit starts, and so how many colours there are.
  ///
  /// - Parameter limits: What an image that they name may ask for.
  /// - Returns: As the options say; files that they name have been read.
  /// - Throws: `QuantizeError.usage` where options are out of range or
  ///   contradict each other; what reading the files throws.
  func start(
    _ limits: LimitOptions
  ) throws(QuantizeError) -> QuantizerOptions.Start {
    try check()
    if let initialMeans {
      let model = try InitialMeans.read(FileLocation(argument: initialMeans))
      if case .number(let colors) = colors, colors != model.components {
        throw .usage(
          "-k \(colors) contradicts --init, which has \(model.components) "
            + "colours; leave -k out")
      }
      return .means(model)
    }
    if let file = paletteFile ?? map {
      return .palette(
        try PaletteSource.read(
          FileLocation(argument: file), limits: limits.limits))
    }
    if let choice = try choice() { return .choose(choice) }
    return .search(
      try paletteSize(colors?.number ?? PaletteSize.mostIndexed))
  }

  /// The colours that the palette has in any case, each once.
  ///
  /// - Parameter most: The most colours that the palette can have.
  /// - Returns: Them, in the order in which they were given.
  /// - Throws: `QuantizeError.usage` where they are more.
  func pinned(most: Int) throws(QuantizeError) -> [RGBColor] {
    var seen: Set<RGBColor> = []
    let pinned = pins.filter { seen.insert($0).inserted }
    guard pinned.count <= most else {
      throw .usage(
        "\(pinned.count) colours are pinned, but the palette has at most "
          + "\(most); allow more with \(kMax == nil ? "-k" : "--k-max") or pin "
          + "fewer")
    }
    return pinned
  }

  /// The bits of the palette's samples.
  ///
  /// - Throws: `QuantizeError.usage`.
  func posterization() throws(QuantizeError) -> Posterization {
    do {
      let posterization = try Posterization(bits: posterize)
      if posterization != .none, let given {
        throw QuantizeError.usage(
          "--posterize would change the colours of \(given); leave one out")
      }
      return posterization
    } catch let error as QuantizeError {
      throw error
    } catch {
      throw .usage("--posterize must be 0 to 4, not \(posterize)")
    }
  }

  private func paletteSize(
    _ count: Int
  ) throws(QuantizeError) -> PaletteSize {
    do {
      return try PaletteSize(count)
    } catch {
      throw .usage(error.message)
    }
  }

  /// How the number of colours is chosen, if it is.
  private func choice() throws(QuantizeError) -> ColorCountChoice? {
    guard choosesColors else { return nil }
    let most = kMax ?? colors?.number ?? PaletteSize.mostIndexed
    guard PaletteSize.range.contains(most) else {
      throw .usage(
        "\(kMax == nil ? "-k" : "--k-max") must be 1 to 65536, not \(most)")
    }
    let size = try paletteSize(most)
    if let quality {
      return ColorCountChoice(.quality(quality), upTo: size)
    }
    guard targetPsnr != nil || targetDeltaE != nil else {
      return ColorCountChoice(.criterion(criterion ?? .bic), upTo: size)
    }
    do {
      let target = try QualityTarget(
        peakSignalToNoiseRatio: targetPsnr, colorDifference: targetDeltaE)
      return ColorCountChoice(.target(target), upTo: size)
    } catch {
      throw .usage(error.message)
    }
  }

  /// The criterion that `--criterion` names.
  private static func parseCriterion(
    _ argument: String
  ) throws -> InformationCriterion {
    guard let criterion = InformationCriterion(rawValue: argument) else {
      throw ValidationError(
        "there is no criterion “\(argument)”; bic and aic are")
    }
    return criterion
  }
}
