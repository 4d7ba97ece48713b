import ArgumentParser

/// What `-k` says: a number, or that one is to be chosen.
enum ColorCount: Hashable {
  /// So many colours, whether or not there can be.
  case number(Int)

  /// As many as turn out best.
  case automatic

  /// The number, if one was given.
  var number: Int? {
    switch self {
    case .number(let number): number
    case .automatic: nil
    }
  }
}

extension ColorCount {
  /// Reads a whole number or `auto`.
  ///
  /// - Throws: `ValidationError` that says what is allowed.
  init(argument: String) throws {
    if argument == "auto" {
      self = .automatic
    } else if let number = Int(argument) {
      self = .number(number)
    } else {
      throw ValidationError("give a whole number from 1 to 65536, or auto")
    }
  }
}
