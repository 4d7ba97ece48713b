import ArgumentParser

/// How much memory an image may take.
struct MemoryOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Read an image strip by strip if it needs more memory than this, such as \
      500M or 4G. (default: an eighth of the machine's, at most 1G)
      """, valueName: "size"),
    transform: NumberArgument.bytes)
  var memory: Int?
}
