import ArgumentParser
import TruncatedEM

/// Among which components a row's are looked for: a size of neighbourhoods, or
/// `all`.
enum NeighboursArgument {
  /// Reads it.
  ///
  /// - Throws: `ValidationError`.
  static func parse(_ argument: String) throws -> EStep {
    guard argument != "all" else { return .exact }
    guard let size: Int = NumberArgument.wholeIfValid(argument), size >= 1
    else { throw ValidationError("give a number from 1, such as 8, or all") }
    return .neighbourhood(size)
  }
}
