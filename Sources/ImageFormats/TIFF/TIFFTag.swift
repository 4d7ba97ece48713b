/// A field of a TIFF that is passed on as it is.
public struct TIFFTag: Hashable, Sendable {
  /// Its number.
  public let number: UInt16

  /// How many elements it has.
  public let count: Int

  /// Them, in the machine's order of bytes.
  public let bytes: [UInt8]

  /// A field.
  package init(number: UInt16, count: Int, bytes: [UInt8]) {
    self.number = number
    self.count = count
    self.bytes = bytes
  }
}
