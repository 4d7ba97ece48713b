import ArgumentParser

/// A size of memory on the command line.
enum MemorySize {
  /// Reads `500M` or `4G`, in binary units.
  ///
  /// - Parameter argument: A number, and what it counts: bytes, or K, M, G, T.
  /// - Returns: Bytes.
  /// - Throws: `ValidationError`.
  static func parse(_ argument: String) throws -> Int {
    let units: [Character: Int] = ["K": 10, "M": 20, "G": 30, "T": 40]
    var digits = argument[...]
    var shift = 0
    if let last = digits.last?.uppercased().first, let unit = units[last] {
      shift = unit
      digits = digits.dropLast()
    }
    guard let number = Double(digits), number > 0, number < 1e6 || shift == 0,
      number <= Double(1 << 50)
    else {
      throw ValidationError(
        "--memory is a size as in 500M or 4G, not “\(argument)”")
    }
    return Int(number * Double(1 << shift))
  }
}
