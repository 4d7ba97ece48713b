import ArgumentParser

/// Details of a fit, for all commands that show one.
struct VerboseOption: ParsableArguments {
  @Flag(
    name: [.short, .long],
    help: "Print each iteration and the time of each stage to standard error.")
  var verbose = false

  /// The option, if it is given.
  var given: [GivenOption] { GivenOption.list(["--verbose": verbose]) }
}
