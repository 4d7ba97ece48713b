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
      "Numbers of colours, 1 to 256 each. (default: 16)", valueName: "list"),
    transform: CommaList.numbers)
  var colors: [Int]?

  @Option(
    name: [.customShort("c"), .long], parsing: .unconditional,
    help: ArgumentHelp(
      """
      C': how many clusters share a colour, 1 to k each. (default: 1,2,4)
      """, valueName: "list"),
    transform: CommaList.numbers)
  var cprime: [Int]?

  @Option(
    help: ArgumentHelp(
      """
      Working spaces: \(Names.spaces.text). (default: srgb)
      """, valueName: "list"),
    completion: Names.spaces.completion, transform: Names.spaces.parseList)
  var space: [WorkingSpace]?

  @Option(
    help: ArgumentHelp(
      """
      Dither methods. Use \(Names.dithers.text). (default: none)
      """, valueName: "list"),
    completion: Names.dithers.completion, transform: Names.dithers.parseList)
  var dither: [DitherMethod]?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Seeds of the random search. (default: 0)", valueName: "list"),
    transform: CommaList.numbers)
  var seed: [UInt64]?

  @Flag(
    help: """
      Start each C' from the means of the previous one. Otherwise each starts \
      from those of the search.
      """)
  var warm = false

  /// The options that are given.
  var given: [GivenOption] {
    GivenOption.list([
      "-k": colors != nil, "--cprime": cprime != nil, "--space": space != nil,
      "--dither": dither?.contains { $0 != .none } == true,
      "--dither none": dither?.allSatisfy { $0 == .none } == true,
      "--seed": seed != nil, "--warm": warm,
    ])
  }

  /// Every combination of the lists.
  ///
  /// - Parameter appearance: Says which space and method are the defaults.
  /// - Returns: At least one.
  /// - Throws: `QuantizeError.usage`.
  func grid(
    _ appearance: AppearanceArguments
  ) throws(QuantizeError) -> ComparisonGrid {
    let colors = colors ?? [16]
    let most = max(1, colors.max() ?? 1)
    return try ComparisonGrid(
      colors: colors, truncations: cprime ?? [1, 2, 4].filter { $0 <= most },
      spaces: space ?? [appearance.space],
      dithers: dither ?? [appearance.method], seeds: seed ?? [0])
  }

  /// The method that is given for the rows that dither; `nil` where none is.
  var method: DitherMethod? {
    dither.map { list in list.first { $0 != .none } ?? .none }
  }
}
