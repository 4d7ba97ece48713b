import ArgumentParser
import Quantization
import QuantizeKit
import Rasters

/// The colours that a palette always includes.
struct PinArguments: ParsableArguments {
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

  /// The options that are given.
  var given: [GivenOption] { GivenOption.list(["--pin": !pins.isEmpty]) }

  /// The colours, each once.
  ///
  /// - Parameters:
  ///   - most: The most colours that the palette can have.
  ///   - option: The option that says so.
  /// - Returns: Them, in the order in which they were given.
  /// - Throws: `QuantizeError.usage` where they are more.
  func colors(
    most: Int, of option: String
  ) throws(QuantizeError) -> [RGBColor] {
    var seen: Set<RGBColor> = []
    let pinned = pins.map(\.color).filter { seen.insert($0).inserted }
    guard pinned.count <= most else {
      throw .usage(
        "\(pinned.count) colours are pinned, but the palette has at most "
          + "\(most); allow more with \(option) or pin fewer")
    }
    return pinned
  }

  /// The names of the colours.
  ///
  /// - Parameter others: Names of other colours.
  /// - Returns: All of them.
  func names(besides others: ColorNames? = nil) -> ColorNames {
    var names = others ?? ColorNames()
    for pin in pins {
      guard let name = pin.name else { continue }
      names[FixedPalette.Color(color: pin.color)] = name
    }
    return names
  }
}
