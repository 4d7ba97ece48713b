import ArgumentParser
import ImageFormats
import QuantizeKit
import Segmentation
import SoftFormats
import SystemPackage

/// What is written of the posterior.
struct SoftOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Write how much of each pixel each colour explains. The ending sets the \
      format: \(SoftFormat.endings). Repeatable.
      """, valueName: "file"),
    completion: FileKinds.soft)
  var responsibilities: [String] = []

  @Option(
    help: ArgumentHelp(
      """
      Write the average colour of each pixel under the mixture as a PNG; - is \
      standard output.
      """, valueName: "file"),
    completion: FileKinds.files(["png"]))
  var softOutput: String?

  @Option(
    help: ArgumentHelp(
      """
      Write how uncertain each pixel's cluster is (entropy as a fraction of \
      log C') as a 16-bit grey PNG; - is standard output.
      """, valueName: "file"),
    completion: FileKinds.files(["png"]))
  var uncertainty: String?

  @Flag(help: "Draw --uncertainty in colours, with a legend.")
  var uncertaintyColors = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Bits per sample: \(Self.depths). 32 is floating point, for TIFF only. \
      (default: \(defaultDepths))
      """, valueName: "n"),
    completion: .list(SampleDepth.allCases.map { "\($0.rawValue)" }),
    transform: NumberArgument.whole)
  var softDepth: Int?

  @OptionGroup(title: "Layers")
  var layers: LayerArguments

  private static let depths = TextList.or(
    SampleDepth.allCases.map { "\($0.rawValue)" })

  /// The options that are given and need others.
  var given: [GivenOption] {
    GivenOption.list([
      "--responsibilities": !responsibilities.isEmpty,
      "--soft-output": softOutput != nil, "--soft-depth": softDepth != nil,
      "--uncertainty": uncertainty != nil,
      "--uncertainty-colors": uncertaintyColors,
    ]) + layers.given
  }

  /// What the options ask for.
  ///
  /// - Parameter components: k.
  /// - Returns: What is written, and where.
  /// - Throws: `QuantizeError.usage` or `.cannotCreate`.
  func outputs(components: Int) throws(QuantizeError) -> SoftOutputs {
    var outputs = SoftOutputs()
    for name in responsibilities {
      outputs.responsibilities.append(try Self.responsibilities(name))
    }
    outputs.colors = try Self.picture("--soft-output", softOutput)
    outputs.uncertainty = try Self.picture("--uncertainty", uncertainty)
    outputs.showsUncertaintyInColors = uncertaintyColors
    outputs.depth = try depth(of: outputs)
    try layers.add(to: &outputs)
    guard outputs.isEmpty || components <= ResponsibilityMap.maximumComponents
    else {
      throw .usage(
        "soft outputs hold at most \(ResponsibilityMap.maximumComponents) "
          + "colours, not \(components); give a smaller -k")
    }
    return outputs
  }

  private static func responsibilities(
    _ name: String
  ) throws(QuantizeError) -> SoftOutputs.Responsibilities {
    guard !name.isEmpty else {
      throw .usage("the file name of --responsibilities is empty")
    }
    let path = FilePath(argument: name)
    guard let format = SoftFormat(name: name) else {
      throw .usage(
        "--responsibilities: \(path.displayName): the ending names no format; "
          + "use \(SoftFormat.endings)")
    }
    return SoftOutputs.Responsibilities(.file(path), format)
  }

  private static func picture(
    _ option: String, _ name: String?
  ) throws(QuantizeError) -> FileLocation? {
    let location = try OutputArgument.file(name, of: option)
    if let location, location != .standardStream,
      location.pathExtension?.lowercased() != "png"
    {
      throw .usage(
        "\(option) writes a PNG; let \(location.displayName) end in .png")
    }
    try OutputArgument.checkTerminal(location, option: option)
    return location
  }

  private func depth(
    of outputs: SoftOutputs
  ) throws(QuantizeError) -> SampleDepth? {
    guard let softDepth else { return nil }
    guard let depth = SampleDepth(rawValue: softDepth) else {
      throw .usage("--soft-depth must be \(Self.depths), not \(softDepth)")
    }
    let formats = outputs.responsibilities.map(\.format).filter {
      $0.depths.count > 1
    }
    guard !formats.isEmpty || outputs.colors != nil else {
      throw .usage(
        "--soft-depth is for \(Self.deepOutputs); leave it out")
    }
    do {
      for format in formats { try format.check(depth) }
    } catch {
      throw .usage("--soft-depth: \(error.message)")
    }
    guard outputs.colors == nil || SoftColorImage.depths.contains(depth) else {
      throw .usage("--soft-depth: --soft-output holds 8 or 16 bits per sample")
    }
    return depth
  }

  /// The outputs whose depth can be chosen.
  private static let deepOutputs = TextList.and(
    SoftFormat.allCases.filter { $0.depths.count > 1 }.map(\.label)
      + ["--soft-output"])

  /// Which outputs have which depth without a choice: "8 for .ora and
  /// --soft-output, 16 for …".
  private static let defaultDepths = SampleDepth.allCases.compactMap { depth in
    let outputs =
      SoftFormat.allCases.filter {
        $0.depths.count > 1 && $0.defaultDepth == depth
      }.map(\.label)
      + (SoftColorImage.depths[0] == depth ? ["--soft-output"] : [])
    return outputs.isEmpty
      ? nil : "\(depth.rawValue) for \(TextList.and(outputs))"
  }.joined(separator: ", ")
}
