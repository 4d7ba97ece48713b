import ArgumentParser
import ImageFormats
import Quantization
import QuantizeKit
import Rasters
import TruncatedEM

/// How many colours, and where they come from.
struct PaletteOptions: ParsableArguments {
  // Numbers are taken unconditionally, so that "-3" is a wrong number rather
  // than an unknown option.
  @Option(
    name: [.customShort("k", allowingJoined: true), .long],
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Number of colours, 1 to 65536, or auto to choose it. Above 256 the PNG \
      is RGB. (default: 256, or 16 in `quantize palette`)
      """, valueName: "n"),
    completion: .list([ColorCount.word]),
    transform: ColorCount.init(argument:))
  var colors: ColorCount?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The most colours to choose, 1 to 65536. (default: 256)",
      valueName: "n"),
    transform: NumberArgument.whole)
  var kMax: Int?

  @Option(
    help: ArgumentHelp(
      """
      What -k auto minimises without a target: \(Names.criteria.text). \
      (default: bic)
      """, valueName: "name"),
    completion: Names.criteria.completion, transform: Names.criteria.parse)
  var criterion: InformationCriterion?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Use the fewest colours that reach this PSNR in dB.", valueName: "x"),
    transform: NumberArgument.decimal)
  var targetPsnr: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Use the fewest colours within this mean CIEDE2000.",
      valueName: "x"),
    transform: NumberArgument.decimal)
  var targetDeltaE: Double?

  @Option(
    name: [.customShort("Q", allowingJoined: true), .long],
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Use the fewest colours, at most k, that reach max. If k colours do not \
      reach min, write nothing and exit with status 99. Both are 0 to 100 on \
      pngquant's scale.
      """, valueName: "min-max"),
    transform: QualityRange.init(argument:))
  var quality: QualityRange?

  @Option(
    name: .customLong("init"),
    help: ArgumentHelp(
      """
      Run plain EM from the means in this file: a JSON array of [r, g, b] or \
      [r, g, b, a], 0 to 255. Their number is k.
      """, valueName: "file"),
    completion: FileKinds.files(["json"]))
  var initialMeans: String?

  @Option(
    name: .customLong("palette"),
    help: ArgumentHelp(
      """
      Use the colours of this palette file or image. They stay as they are, \
      and nothing is fitted. With -k, the best n of them.
      """, valueName: "file"),
    completion: FileKinds.palette)
  var paletteFile: String?

  @Option(
    help: ArgumentHelp(
      "The same as --palette, for pngquant's users.", valueName: "file"),
    completion: FileKinds.palette)
  var map: String?

  @Option(
    name: .customLong("pin"),
    help: ArgumentHelp(
      """
      Include exactly this colour. Give #rrggbb, #rgb, a CSS name, or \
      NAME=#rrggbb to name it in palette files; the other colours are fitted \
      around it. Repeatable.
      """, valueName: "color"),
    transform: PinArgument.init(argument:))
  var pins: [PinArgument] = []

  @Flag(help: "Put the pinned colours first, in the order given.")
  var pinsFirst = false

  @Flag(
    help: """
      Keep the order, the unused colours and the repeated ones of the --palette \
      file: the index of a colour is its place in the file.
      """)
  var keepPalette = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Place of the fully transparent entry in the palette, 0 to 255. It is \
      there even if no pixel needs it.
      """, valueName: "n"),
    transform: NumberArgument.whole)
  var transparentIndex: Int?

  @Flag(
    help: """
      Use only colours that occur in the image: of each cluster the one nearest \
      to its mean.
      """)
  var fromImage = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Round palette samples to drop the low n bits, 0 to 4. (default: 0)",
      valueName: "n"),
    transform: NumberArgument.whole)
  var posterize: Int?

  /// The palette that is given, if one is.
  ///
  /// - Parameters:
  ///   - decoding: How an image that holds it is read.
  ///   - events: Told of what was skipped in it.
  /// - Returns: The colours of the file.
  /// - Throws: `QuantizeError.usage` where options are out of range; what
  ///   reading the file throws.
  func given(
    _ decoding: DecodeOptions, _ events: JobEvent.Observer
  ) throws(QuantizeError) -> GivenPalette? {
    try check()
    guard let file = paletteFile ?? map else { return nil }
    return try PaletteSource.read(
      FileLocation(argument: file), decoding, events: events)
  }

  /// Where the fit starts, and so how many colours there are.
  ///
  /// - Parameters:
  ///   - given: The palette that is given.
  ///   - standard: The number of colours where none is asked for.
  ///   - limits: How much a file that they name may hold.
  /// - Returns: As the options say; files that they name have been read.
  /// - Throws: `QuantizeError.usage` where options are out of range; what
  ///   reading the files throws.
  func start(
    _ given: GivenPalette?, standard: Int, _ limits: DecodeLimits
  ) throws(QuantizeError) -> QuantizerOptions.Start {
    if let initialMeans {
      let model = try InitialMeans.read(
        FileLocation(argument: initialMeans), limits: limits)
      if case .number(let colors) = colors, colors != model.components {
        throw .usage(
          "-k \(colors) contradicts --init, which has \(model.components) "
            + "colours; leave -k out")
      }
      return .means(model)
    }
    if let given {
      guard let number = colors?.number else { return .palette(given.palette) }
      return .subset(try paletteSize(number), of: given.palette)
    }
    if let choice = try choice() { return .choose(choice) }
    return .search(try paletteSize(colors?.number ?? standard))
  }

  /// The order of the palette.
  ///
  /// - Parameter given: The palette that is given.
  /// - Returns: That of use, unless another is asked for.
  /// - Throws: `QuantizeError.usage`.
  func order(_ given: GivenPalette?) throws(QuantizeError) -> PaletteOrder {
    var order = PaletteOrder()
    if let given, keepPalette {
      guard given.entries.count <= PaletteSize.mostIndexed else {
        throw .usage(
          "--keep-palette: the file has \(given.entries.count) colours, and an "
            + "indexed image at most 256")
      }
      order.first = given.entries
    } else if pinsFirst {
      order.first = pins.map { FixedPalette.Color(color: $0.color) }
    }
    if let transparentIndex {
      guard (0...255).contains(transparentIndex) else {
        throw .usage(
          "--transparent-index must be 0 to 255, not \(transparentIndex)")
      }
      order.transparentIndex = transparentIndex
    }
    return order
  }

  /// The names of the colours.
  func names(_ given: GivenPalette?) -> ColorNames {
    var names = given?.names ?? ColorNames()
    for pin in pins {
      guard let name = pin.name else { continue }
      names[FixedPalette.Color(color: pin.color)] = name
    }
    return names
  }

  /// The colours that the palette always includes, each once.
  ///
  /// - Parameter most: The most colours that the palette can have.
  /// - Returns: Them, in the order in which they were given.
  /// - Throws: `QuantizeError.usage` where they are more.
  func pinned(most: Int) throws(QuantizeError) -> [RGBColor] {
    var seen: Set<RGBColor> = []
    let pinned = pins.map(\.color).filter { seen.insert($0).inserted }
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
      return try Posterization(bits: posterize ?? 0)
    } catch {
      throw .usage("--posterize must be 0 to 4, not \(posterize ?? 0)")
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
}
