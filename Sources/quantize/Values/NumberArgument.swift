import ArgumentParser

/// Numbers and sizes on the command line, all read here.
///
/// Only digits count, with a sign, a point or a unit where one makes sense:
/// `0x10`, `1e3` for a whole number, and `+5` are refused, never guessed at.
enum NumberArgument {
  /// Reads a whole number.
  ///
  /// - Throws: `ValidationError`.
  static func whole<Number: FixedWidthInteger>(
    _ argument: String
  ) throws -> Number {
    guard let number: Number = wholeIfValid(argument) else {
      throw ValidationError("give a whole number, such as 16")
    }
    return number
  }

  /// A whole number, or `nil` where the text is none.
  static func wholeIfValid<Number: FixedWidthInteger>(
    _ text: some StringProtocol
  ) -> Number? {
    let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
    guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber })
    else { return nil }
    return Number(text)
  }

  /// Reads a number that need not be whole, such as `0.5` or `1e-6`.
  ///
  /// - Throws: `ValidationError`.
  static func decimal(_ argument: String) throws -> Double {
    guard argument.allSatisfy({ "0123456789.-+eE".contains($0) }),
      !argument.hasPrefix("+"), let number = Double(argument), number.isFinite
    else { throw ValidationError("give a number, such as 0.5") }
    return number
  }

  /// Reads how many there may be: `5000`, or `2.5G` with k, M or G for
  /// thousands, millions and billions.
  ///
  /// - Returns: 1 or more.
  /// - Throws: `ValidationError`.
  static func count(_ argument: String) throws -> Int {
    let units: [Character: Int] = [
      "k": 1_000, "m": 1_000_000, "g": 1_000_000_000,
    ]
    guard let count = scaled(argument, units) else {
      throw ValidationError("give a number from 1, such as 5000, 500M or 2G")
    }
    return count
  }

  /// Reads a number of pixels, of which an image has no more than `UInt32.max`.
  ///
  /// - Throws: `ValidationError`.
  static func pixels(_ argument: String) throws -> Int {
    let count = try count(argument)
    guard count <= UInt32.max else {
      throw ValidationError("an image has at most \(UInt32.max) pixels")
    }
    return count
  }

  /// Reads a size of memory: bytes, or `500M` with K, M, G or T for binary
  /// units.
  ///
  /// - Returns: Bytes, 1 to 2⁵⁰.
  /// - Throws: `ValidationError`.
  static func bytes(_ argument: String) throws -> Int {
    let units: [Character: Int] = [
      "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40,
    ]
    guard let bytes = scaled(argument, units), bytes <= 1 << 50 else {
      throw ValidationError("give a size, such as 500M or 4G")
    }
    return bytes
  }

  /// Digits, and a unit behind them; a point only before a unit.
  private static func scaled(
    _ argument: String, _ units: [Character: Int]
  ) -> Int? {
    let unit = argument.last?.lowercased().first.flatMap { units[$0] }
    let digits = unit == nil ? argument[...] : argument.dropLast()
    let isNumber = digits.allSatisfy {
      $0.isASCII && ($0.isNumber || $0 == "." && unit != nil)
    }
    guard isNumber else { return nil }
    guard digits.contains(".") else {
      guard let number = Int(digits), number >= 1 else { return nil }
      let (count, overflow) = number.multipliedReportingOverflow(by: unit ?? 1)
      return overflow ? nil : count
    }
    guard let number = Double(digits) else { return nil }
    return Int(exactly: (number * Double(unit ?? 1)).rounded()).flatMap {
      $0 >= 1 ? $0 : nil
    }
  }
}
