import ArgumentParser

/// What `-k` says: a number, or that the number is chosen.
enum ColorCount: Hashable {
  /// This many colours; whether there can be that many is checked later.
  case number(Int)

  /// As many as the criterion or the target asks for.
  case automatic

  /// The number, if one is given.
  var number: Int? {
    switch self {
    case .number(let number): number
    case .automatic: nil
    }
  }
}

extension ColorCount {
  /// The word for a number that is chosen.
  static let word = "auto"

  /// Reads a whole number or `auto`.
  ///
  /// - Throws: `ValidationError` that says what is allowed.
  init(argument: String) throws {
    if argument == Self.word {
      self = .automatic
    } else if let number: Int = NumberArgument.wholeIfValid(argument) {
      self = .number(number)
    } else {
      throw ValidationError("give a whole number from 1 to 65536, or auto")
    }
  }
}
