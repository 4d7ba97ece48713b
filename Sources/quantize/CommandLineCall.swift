import QuantizeKit

/// Which command a command line calls.
///
/// The first argument may be the name of a command; all else is for the main
/// one, whose input can be a file of such a name as `./palette`.
struct CommandLineCall {
  /// The commands that are called by name.
  static let named: [String: any JobCommand.Type] = [
    "batch": BatchCommand.self,
    "compare": CompareCommand.self,
    "metrics": MetricsCommand.self,
    "palette": PaletteCommand.self,
    "segment": SegmentCommand.self,
  ]

  /// The command.
  let command: any JobCommand.Type

  /// What it is given, with pngquant's spelling put into ours.
  let arguments: [String]

  /// Reads the arguments of the process.
  ///
  /// - Parameter arguments: All but the process's own name.
  /// - Throws: `QuantizeError.usage` for options, of pngquant or other commands,
  ///   that are known but not to be had.
  init(_ arguments: [String]) throws(QuantizeError) {
    let named = arguments.first.flatMap { Self.named[$0] }
    command = named ?? QuantizeCommand.self
    let rest = named == nil ? arguments : Array(arguments.dropFirst())
    if command == BatchCommand.self { try BatchArguments.check(rest) }
    self.arguments = try PngquantArguments.translate(rest)
  }
}
