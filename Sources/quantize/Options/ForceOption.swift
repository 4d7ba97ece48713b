import ArgumentParser

/// Replacing files, for all commands that write some.
struct ForceOption: ParsableArguments {
  @Flag(name: [.short, .long], help: "Replace existing files.")
  var force = false

  /// The option, if it is given.
  var given: [GivenOption] { GivenOption.list(["--force": force]) }
}
