import QuantizeKit

/// Options of other commands that a batch does not have.
enum BatchArguments {
  /// Soft outputs: each is one file or folder that the command line names.
  private static let soft = [
    "--responsibilities", "--soft-output", "--uncertainty",
    "--uncertainty-colors", "--soft-depth",
  ]

  /// What only `segment` does.
  private static let segment = [
    "--superpixels", "--compactness", "--spatial", "--min-region", "--overlay",
    "--overlay-color", "--regions", "--outlines", "--simplify",
  ]

  /// Refuses options that are known but not to be had, where a parser would say
  /// that it does not know them.
  ///
  /// - Parameter arguments: Those of the command, without its name.
  /// - Throws: `QuantizeError.usage`.
  static func check(_ arguments: [String]) throws(QuantizeError) {
    let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
    for argument in arguments[..<end] where argument.hasPrefix("--") {
      let option = String(argument.prefix { $0 != "=" })
      if soft.contains(option) {
        throw .usage(
          "\(option): a batch writes no soft outputs; run `quantize` on each "
            + "image that needs them, as in: quantize a.png -k 8 "
            + "--responsibilities a.npz")
      }
      if segment.contains(option) {
        throw .usage(
          "\(option) belongs to `quantize segment`, which takes one image at a "
            + "time; leave it out of a batch")
      }
    }
  }
}
