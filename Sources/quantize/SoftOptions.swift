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
      Write how much each colour explains each pixel, in the format of the \
      ending: \(SoftFormat.endings). May be repeated.
      """, valueName: "file"))
  var responsibilities: [String] = []

  @Option(
    help: ArgumentHelp(
      "Write each pixel's average colour as a PNG; - is standard output.",
      valueName: "file"))
  var softOutput: String?

  @Option(
    help: ArgumentHelp(
      """
      Write how undecided each pixel is as a grey PNG of 16 bits: entropy as a \
      part of log C'.
      """, valueName: "file"))
  var uncertainty: String?

  @Flag(help: "Show --uncertainty in colours, with a legend below.")
  var uncertaintyColors = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Bits of a sample: 8 or 16, or 32 for floats in a TIFF. (default: \
      \(defaultDepths))
      """, valueName: "n"))
  var softDepth: Int?

  /// What the options ask for.
  ///
  /// - Parameter components: k.
  /// - Returns: What is written, and where.
  /// - Throws: `QuantizeError.usage`.
  func outputs(components: Int) throws(QuantizeError) -> SoftOutputs {
    var outputs = SoftOutputs()
    for name in responsibilities {
      outputs.responsibilities.append(try Self.responsibilities(name))
    }
    outputs.colors = try Self.picture("--soft-output", softOutput)
    outputs.uncertainty = try Self.picture("--uncertainty", uncertainty)
    guard !uncertaintyColors || outputs.uncertainty != nil else {
      throw .usage("--uncertainty-colors needs --uncertainty")
    }
    outputs.showsUncertaintyInColors = uncertaintyColors
    outputs.depth = try depth(of: outputs)
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
    guard let format = SoftFormat(name: name) else {
      throw .usage(
        "--responsibilities: \(FilePath(argument: name).displayName): the format follows "
          + "the ending, which is none of \(SoftFormat.endings)")
    }
    return SoftOutputs.Responsibilities(.file(FilePath(argument: name)), format)
  }

  private static func picture(
    _ option: String, _ name: String?
  ) throws(QuantizeError) -> FileLocation? {
    guard let name else { return nil }
    guard !name.isEmpty else {
      throw .usage("the file name of \(option) is empty")
    }
    let location = FileLocation(argument: name)
    let ending = location.pathExtension?.lowercased()
    guard location == .standardStream || ending == "png" else {
      throw .usage(
        "\(option) writes a PNG; give \(FilePath(argument: name).displayName) the ending "
          + ".png")
    }
    if location == .standardStream, Terminal.outputIsTerminal {
      throw .usage(
        "an image would be written to the terminal; name a file with "
          + "\(option)")
    }
    return location
  }

  private func depth(
    of outputs: SoftOutputs
  ) throws(QuantizeError) -> SampleDepth? {
    guard let softDepth else { return nil }
    guard let depth = SampleDepth(rawValue: softDepth) else {
      throw .usage("--soft-depth must be 8, 16 or 32, not \(softDepth)")
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
      throw .usage("--soft-depth: --soft-output holds 8 or 16 bits a sample")
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
