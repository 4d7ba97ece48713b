import ArgumentParser
import QuantizeKit
import Rasters
import Segmentation
import SoftFormats
import SystemPackage

/// The layers that are written.
struct LayerArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Split the image into a layer per colour that together are the image \
      again. The ending sets the format: \(LayerFormat.endings). Repeatable.
      """, valueName: "file"),
    completion: FileKinds.layers)
  var layers: [String] = []

  @Option(
    help: ArgumentHelp(
      """
      How layers are put together: normal, over each other, or add. (default: \
      normal, add for .exr)
      """, valueName: "how"),
    completion: Names.layerBlends.completion,
    transform: Names.layerBlends.parse)
  var layerBlend: LayerBlend?

  @Option(
    help: ArgumentHelp(
      """
      Put several colours on one layer: a name, and their numbers or colours, \
      as in sky=0,3-5,#87ceeb. Repeatable.
      """, valueName: "name=colors"),
    transform: LayerGrouping.init(argument:))
  var mergeLayers: [LayerGrouping] = []

  /// The options that are given.
  var given: [GivenOption] {
    GivenOption.list([
      "--layers": !layers.isEmpty, "--layer-blend": layerBlend != nil,
      "--merge-layers": !mergeLayers.isEmpty,
    ])
  }

  /// Adds the layers to what is written.
  ///
  /// - Throws: `QuantizeError.usage`.
  func add(to outputs: inout SoftOutputs) throws(QuantizeError) {
    for name in layers { outputs.layers.append(try output(name)) }
    outputs.layerGroups = mergeLayers
    var names: Set<String> = []
    for group in mergeLayers where !names.insert(group.name).inserted {
      throw .usage(
        "--merge-layers: two layers are called \(group.name); give each a name "
          + "of its own")
    }
  }

  private func output(
    _ name: String
  ) throws(QuantizeError) -> SoftOutputs.Layers {
    guard !name.isEmpty else {
      throw .usage("the file name of --layers is empty")
    }
    let path = FilePath(argument: name)
    guard let format = LayerFormat(name: name) else {
      throw .usage(
        "--layers: \(path.displayName): the ending names no format of layers; "
          + "use \(LayerFormat.endings)")
    }
    let blend = layerBlend ?? format.blends[0]
    guard format.blends.contains(blend) else {
      throw .usage(
        "--layer-blend: the parts of \(format.label) add up; leave it out, or "
          + "write another format")
    }
    return SoftOutputs.Layers(.file(path), format, blend)
  }
}

extension LayerGrouping {
  /// Reads `name=0,3-5,#87ceeb`.
  ///
  /// - Throws: `ValidationError`.
  init(argument: String) throws {
    guard let sign = argument.firstIndex(of: "="), sign > argument.startIndex
    else {
      throw ValidationError(
        "give a name and its colours, as in sky=0,3-5,#87ceeb")
    }
    let list = argument[argument.index(after: sign)...]
    var members: [Member] = []
    for item in Self.items(list) { members.append(try Self.member(item)) }
    guard !members.isEmpty else {
      throw ValidationError("\(argument): no colours follow the =")
    }
    self.init(name: String(argument[..<sign]), members: members)
  }

  /// The parts between commas outside parentheses.
  private static func items(_ list: Substring) -> [String] {
    var items = [""]
    var depth = 0
    for character in list {
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      if character == ",", depth == 0 {
        items.append("")
      } else {
        items[items.count - 1].append(character)
      }
    }
    return items.filter { !$0.isEmpty }
  }

  private static func member(_ item: String) throws -> Member {
    if let number: Int = NumberArgument.wholeIfValid(item), number >= 0 {
      return .components(number...number)
    }
    let ends = item.split(separator: "-", omittingEmptySubsequences: false)
    if ends.count == 2,
      let first: Int = NumberArgument.wholeIfValid(String(ends[0])),
      let last: Int = NumberArgument.wholeIfValid(String(ends[1]))
    {
      guard 0 <= first, first <= last else {
        throw ValidationError("\(item): the first number is the smaller one")
      }
      return .components(first...last)
    }
    return .color(try RGBColor(argument: item))
  }
}
