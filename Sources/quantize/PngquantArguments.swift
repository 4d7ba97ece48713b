import QuantizeKit

/// Arguments of pngquant that no parser should see: those that there is nothing
/// for here, and those that mean the same as ours.
enum PngquantArguments {
  /// Puts pngquant's spelling into ours.
  ///
  /// - Parameter arguments: Those of the process, without its name.
  /// - Returns: Arguments for the parser.
  /// - Throws: `QuantizeError.usage` that names what does the same, for options
  ///   that are known but not to be had.
  static func translate(
    _ arguments: [String]
  ) throws(QuantizeError) -> [String] {
    let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
    var result: [String] = []
    for argument in arguments[..<end] {
      switch argument {
      case "-V":
        result.append("--version")
      case "--floyd=0":
        result.append("--nofs")
      case "--floyd":
        result += ["--dither", "floyd-steinberg"]
      case _ where argument.hasPrefix("--floyd="):
        result += [
          "--dither", "floyd-steinberg", "--dither-strength",
          String(argument.dropFirst("--floyd=".count)),
        ]
      case "--transbug":
        throw .usage(
          "--transbug: transparent entries come first, where all readers "
            + "of today know them; leave it out")
      default:
        result.append(argument)
      }
    }
    return result + arguments[end...]
  }
}
