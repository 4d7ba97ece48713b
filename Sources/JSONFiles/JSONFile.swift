#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// JSON as this project writes it: UTF-8, keys sorted, slashes not escaped, and
/// a line break at the end.
///
/// Numbers have as many digits as it takes to read the same `Double` again. JSON
/// has no infinity and no NaN: encode numbers that may be either as
/// ``JSONNumber``, which writes `null`.
package enum JSONFile {
  /// Encodes a value over several lines, indented by two spaces.
  ///
  /// - Parameter value: Its numbers are finite.
  /// - Returns: The file.
  /// - Complexity: O(length).
  package static func encode(_ value: some Encodable) -> [UInt8] {
    encode(value, [.prettyPrinted])
  }

  /// Encodes a value on one line.
  ///
  /// - Parameter value: Its numbers are finite.
  /// - Returns: The line.
  /// - Complexity: O(length).
  package static func line(_ value: some Encodable) -> [UInt8] {
    encode(value, [])
  }

  private static func encode(
    _ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting
  ) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = formatting.union([
      .sortedKeys, .withoutEscapingSlashes,
    ])
    guard let data = try? encoder.encode(value) else {
      // Only a number that JSON cannot hold fails.
      preconditionFailure("a number that is not finite is written as JSON")
    }
    return [UInt8](data) + [UInt8(ascii: "\n")]
  }
}
