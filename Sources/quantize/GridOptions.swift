import ArgumentParser
import ColorModels
import ImageFormats
import Quantization
import QuantizeKit
import Rasters
import TruncatedEM

/// The lists of which every combination is compared.
struct GridOptions: ParsableArguments {
  @Option(
    name: [.customShort("k", allowingJoined: true), .long],
    parsing: .unconditional,
    help: ArgumentHelp(
      "Numbers of colours, 1 to 256. (default: 16)", valueName: "list"),
    transform: { try CommaList.parse($0, Self.numbers) { Int($0) } })
  var colors: [Int]?

  @Option(
    name: [.customShort("c"), .long], parsing: .unconditional,
    help: ArgumentHelp(
      """
      C': among how many clusters a colour is shared, each 1 to k. (default: \
      1,2,4)
      """, valueName: "list"),
    transform: { try CommaList.parse($0, Self.numbers) { Int($0) } })
  var cprime: [Int]?

  @Option(
    help: ArgumentHelp(
      """
      Where colours are compared: srgb, linear, oklab or lab. (default: srgb)
      """, valueName: "list"),
    transform: parseSpaces)
  var space: [WorkingSpace]?

  @Option(
    help: ArgumentHelp(
      """
      \(TextList.or(DitherMethod.all.map(\.name))). (default: none)
      """, valueName: "list"),
    transform: parseMethods)
  var dither: [DitherMethod]?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Seeds of the search. (default: 0)", valueName: "list"),
    transform: { try CommaList.parse($0, Self.numbers) { UInt64($0) } })
  var seed: [UInt64]?

  @Flag(
    help: """
      Start each C' from the means of the one before it, in place of those of \
      the search.
      """)
  var warm = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How strongly to dither, 0 to 1. (default: 0.85)", valueName: "x"))
  var ditherStrength: Double?

  /// The options that were given, by name.
  var given: [String] {
    [
      ("-k", colors != nil), ("--cprime", cprime != nil),
      ("--space", space != nil), ("--dither", dither != nil),
      ("--seed", seed != nil), ("--warm", warm),
      ("--dither-strength", ditherStrength != nil),
    ].filter(\.1).map(\.0)
  }

  /// Every combination of the lists.
  ///
  /// - Returns: At least one.
  /// - Throws: `QuantizeError.usage`.
  func grid() throws(QuantizeError) -> ComparisonGrid {
    let colors = colors ?? [16]
    let most = max(1, colors.max() ?? 1)
    return try ComparisonGrid(
      colors: colors, truncations: cprime ?? [1, 2, 4].filter { $0 <= most },
      spaces: space ?? [.srgb], dithers: dither ?? [.none], seeds: seed ?? [0])
  }

  /// How to dither, where a combination does.
  ///
  /// - Parameter effort: How much time to spend.
  /// - Returns: Options but for the method.
  /// - Throws: `QuantizeError.usage`.
  func dithering(effort: Effort) throws(QuantizeError) -> DitherOptions {
    var options = DitherOptions()
    if let ditherStrength {
      guard (0...1).contains(ditherStrength) else {
        throw .usage(
          "--dither-strength must be 0 to 1, not \(ditherStrength)")
      }
      guard dither?.contains(where: { $0 != .none }) == true else {
        throw .usage("--dither-strength needs a --dither to be strong")
      }
      options.strength = ditherStrength
    }
    options.rounds = DitherOptions.rounds(for: effort)
    return options
  }

  private static let numbers =
    "give whole numbers with commas between them, as in 1,2,4"

  private static func parseSpaces(_ argument: String) throws -> [WorkingSpace] {
    try CommaList.parse(argument, "srgb, linear, oklab and lab are spaces") {
      WorkingSpace(rawValue: $0.lowercased())
    }
  }

  private static func parseMethods(
    _ argument: String
  ) throws -> [DitherMethod] {
    try CommaList.parse(
      argument,
      TextList.and(DitherMethod.all.map(\.name)) + " are ways to dither"
    ) { DitherMethod(name: $0) }
  }
}
