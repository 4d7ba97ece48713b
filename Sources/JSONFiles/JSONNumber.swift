/// A number that may be infinite or NaN, for which JSON has no word: those are
/// `null`.
package struct JSONNumber: Encodable, Equatable, Sendable {
  /// The number.
  package let value: Double

  package init(_ value: Double) {
    self.value = value
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if value.isFinite {
      try container.encode(value)
    } else {
      try container.encodeNil()
    }
  }
}
