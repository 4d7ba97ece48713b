import ArgumentParser
import Quantization
import QuantizeKit
import TruncatedEM

/// How many colours, and where they come from.
struct PaletteOptions: ParsableArguments {
  // Numbers are taken unconditionally, so that "-3" is a wrong number rather
  // than an option that nobody knows.
  @Option(
    name: [.customShort("k"), .long], parsing: .unconditional,
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
    name: .customLong("init"),
    help: ArgumentHelp(
      """
      JSON array of [r, g, b], 0 to 255: plain EM from exactly these means, \
      whose number is k.
      """, valueName: "file"))
  var initialMeans: String?

  /// Where the fit starts, and so how many colours there are.
  ///
  /// - Returns: As the options say; files that they name have been read.
  /// - Throws: `QuantizeError.usage` where options are out of range or
  ///   contradict each other; what reading the files throws.
  func start() throws(QuantizeError) -> QuantizeOptions.Start {
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
    if let choice = try choice() { return .choose(choice) }
    return .search(
      try paletteSize(colors?.number ?? PaletteSize.mostIndexed))
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
    let most = kMax ?? PaletteSize.mostIndexed
    guard PaletteSize.range.contains(most) else {
      throw .usage("--k-max must be 1 to 65536, not \(most)")
    }
    let size = try paletteSize(most)
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
