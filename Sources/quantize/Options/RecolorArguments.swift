import ArgumentParser
import ColorModels
import Quantization
import QuantizeKit
import Rasters
import Segmentation
import TruncatedEM

/// Which colours are moved, and where to.
struct RecolorArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      A colour of the image to move. Give #rrggbb, #rgb or a CSS name. \
      Repeatable, with a --to for each.
      """, valueName: "color"),
    transform: RGBColor.init(argument:))
  var from: [RGBColor] = []

  @Option(
    help: ArgumentHelp(
      "The colour it becomes.", valueName: "color"),
    transform: RGBColor.init(argument:))
  var to: [RGBColor] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Also move shades of --from: colours whose hue is within n degrees, 0 to \
      180. With 0 only the colour itself moves. (default: 20, 0 with --palette)
      """, valueName: "n"),
    transform: NumberArgument.decimal)
  var shades: Double?

  @Option(
    name: .customLong("palette"),
    help: ArgumentHelp(
      """
      Treat the image as made of the colours in this palette file or image. \
      (default: colours fitted to the image)
      """, valueName: "file"),
    completion: FileKinds.palette)
  var paletteFile: String?

  @Option(
    help: ArgumentHelp(
      """
      Change to the colours of this palette or image. With --palette they are \
      paired in order, else each with a near one.
      """, valueName: "file"),
    completion: FileKinds.palette)
  var toPalette: String?

  @Option(
    help: ArgumentHelp(
      "Change to colours fitted to this image. Each goes to a near one.",
      valueName: "image"),
    completion: FileKinds.image)
  var match: String?

  @Option(
    help: ArgumentHelp(
      """
      Whether lightness changes too. With move it follows the colour, with \
      keep every pixel keeps its own. (default: move)
      """, valueName: "how"),
    completion: Names.lightnesses.completion,
    transform: Names.lightnesses.parse)
  var lightness: Recoloring.Lightness?

  /// The options that are given and exclude others.
  var given: [GivenOption] {
    GivenOption.list([
      "--from": !from.isEmpty, "--palette": paletteFile != nil,
      "--to-palette": toPalette != nil, "--match": match != nil,
      "--shades": shades != nil,
    ])
  }

  /// The files that are named.
  var files: [(option: String, file: String)] {
    [
      ("--palette", paletteFile), ("--to-palette", toPalette),
      ("--match", match),
    ].compactMap { option, file in file.map { (option, $0) } }
  }

  /// The palettes that are given.
  struct Palettes {
    var own: GivenPalette?
    var goal: GivenPalette?
  }

  /// Reads the palettes.
  ///
  /// - Throws: What reading them throws.
  func palettes(
    _ decoding: DecodeOptions, _ events: JobEvent.Observer
  ) throws(QuantizeError) -> Palettes {
    for (option, file) in files where file.isEmpty {
      throw .usage("the file name of \(option) is empty")
    }
    func read(_ file: String?) throws(QuantizeError) -> GivenPalette? {
      guard let file else { return nil }
      return try PaletteSource.read(
        FileLocation(argument: file), decoding, events: events)
    }
    return Palettes(own: try read(paletteFile), goal: try read(toPalette))
  }

  /// The degrees of hue within which shades are moved.
  private static let standardShades = 20.0

  /// How far the hue of shades may be, in degrees.
  ///
  /// - Throws: `QuantizeError.usage`.
  func hueWidth() throws(QuantizeError) -> Double {
    let width = shades ?? (paletteFile == nil ? Self.standardShades : 0)
    guard (0...180).contains(width) else {
      throw .usage("--shades must be 0 to 180, not \(width)")
    }
    return width
  }

  /// What is moved.
  ///
  /// - Parameter palettes: The palettes of the files.
  /// - Returns: Pairs of colours, or colours that are matched.
  /// - Throws: `QuantizeError.usage`.
  func choice(_ palettes: Palettes) throws(QuantizeError) -> RecolorChoice {
    guard from.count == to.count else {
      throw .usage(
        "--from is given \(Self.times(from.count)) and --to "
          + "\(Self.times(to.count)); give a --to for each --from")
    }
    if let match { return .matched(FileLocation(argument: match)) }
    if let goal = palettes.goal {
      guard let own = palettes.own else {
        return .assigned(goal.entries.filter { $0.alpha > 0 }.map(\.color))
      }
      return .moves(try pairs(own.entries, goal.entries))
    }
    guard !from.isEmpty else {
      throw .usage(
        "nothing says what to move; give --from and --to, --to-palette or "
          + "--match")
    }
    var seen: Set<RGBColor> = []
    for color in from where !seen.insert(color).inserted {
      throw .usage("--from \(color.hex) is given twice; move it once")
    }
    if let own = palettes.own { try check(from, own.entries.map(\.color)) }
    return .moves(zip(from, to).map { ColorMove(from: $0, to: $1) })
  }

  private static func times(_ count: Int) -> String {
    switch count {
    case 0: "never"
    case 1: "once"
    default: "\(count) times"
    }
  }

  /// Pairs the entries of two palettes, and leaves out those that stay.
  private func pairs(
    _ own: [FixedPalette.Color], _ goals: [FixedPalette.Color]
  ) throws(QuantizeError) -> [ColorMove] {
    guard own.count == goals.count else {
      throw .usage(
        "--palette has \(Summary.count(own.count, "colour")) and --to-palette "
          + "\(goals.count); give palettes of equal length")
    }
    var moves: [ColorMove] = []
    for (from, to) in zip(own, goals) where from.alpha > 0 && from != to {
      if let other = moves.first(where: { $0.from == from.color }) {
        guard other.to != to.color else { continue }
        throw .usage(
          "--palette has \(from.color.hex) twice, and --to-palette two colours "
            + "for it; leave one out")
      }
      moves.append(ColorMove(from: from.color, to: to.color))
    }
    return moves
  }

  /// Refuses colours that a palette does not have.
  private func check(
    _ colors: [RGBColor], _ palette: [RGBColor]
  ) throws(QuantizeError) {
    for color in colors where !palette.contains(color) {
      let nearest = palette.min {
        Self.distance($0, color) < Self.distance($1, color)
      }
      throw .usage(
        "\(color.hex) is not a colour of --palette"
          + (nearest.map { "; the nearest is \($0.hex)" } ?? ""))
    }
  }

  private static func distance(_ a: RGBColor, _ b: RGBColor) -> Double {
    let converter = WorkingSpace.Converter(.oklab, in: .sRGB)
    let way =
      converter.coordinates(a.red, a.green, a.blue)
      - converter.coordinates(b.red, b.green, b.blue)
    return (way * way).sum()
  }
}
