import ArgumentParser

/// Damaged images, for all commands that work on part of one.
struct KeepGoingOption: ParsableArguments {
  @Flag(
    help: """
      Use the rows before the damage of a damaged file, with a warning. \
      (default: refuse it)
      """)
  var keepGoing = false
}
