import QuantizeKit

/// pngquant's arguments that are spelt in another way than ours, or that have
/// no counterpart here.
enum PngquantArguments {
  /// Translates pngquant's spelling into ours.
  ///
  /// - Parameter arguments: Those of the process, without its name.
  /// - Returns: Arguments for the parser.
  /// - Throws: `QuantizeError.usage` for options that are recognised but
  ///   unsupported.
  static func translate(
    _ arguments: [String]
  ) throws(QuantizeError) -> [String] {
    let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
    var result: [String] = []
    for argument in arguments[..<end] {
      switch argument {
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
          "--transbug is not needed: transparent entries come first, where all "
            + "current programs expect them; leave it out")
      default:
        result.append(argument)
      }
    }
    return result + arguments[end...]
  }
}
