#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// JSON as this project writes it: keys sorted, two spaces of indentation, and
/// a line break at the end.
enum JSONFile {
  /// Encodes a value.
  ///
  /// Numbers have as many digits as it takes to read the same `Double` again.
  static func encode(_ value: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [
      .prettyPrinted, .sortedKeys, .withoutEscapingSlashes,
    ]
    guard let data = try? encoder.encode(value) else {
      // Only a number that JSON cannot hold fails, and reports have none.
      preconditionFailure("a report holds a number that is not finite")
    }
    return [UInt8](data) + [UInt8(ascii: "\n")]
  }
}

extension JSONFile {
  /// A value on one line, keys sorted, with a line break at the end.
  static func line(_ value: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(value) else {
      preconditionFailure("a line holds a number that is not finite")
    }
    return [UInt8](data) + [UInt8(ascii: "\n")]
  }
}
