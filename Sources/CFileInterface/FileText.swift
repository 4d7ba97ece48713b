import CInterface
import ImageFormats

/// Text that C reads for as long as the object lives.
final class FileText {
  /// Its bytes, and a zero behind them.
  let start: UnsafePointer<CChar>

  private let room: UnsafeMutablePointer<CChar>

  /// Copies a text; what follows a zero in it is not seen.
  init(_ text: String) {
    let bytes = text.utf8CString
    room = .allocate(capacity: bytes.count)
    for (n, byte) in bytes.enumerated() {
      (room + n).initialize(to: byte)
    }
    start = UnsafePointer(room)
  }

  deinit { room.deallocate() }
}

/// The text behind a pointer of the caller.
///
/// - Returns: `nil` of NULL.
/// - Throws: `Failure` where it is not UTF-8.
func text(
  _ pointer: UnsafePointer<CChar>?, _ name: StaticString
) throws(Failure) -> String? {
  guard let pointer else { return nil }
  guard let text = String(validatingCString: pointer) else {
    throw .argument("\(name) is not UTF-8")
  }
  return text
}

/// The bytes behind a pointer of the caller.
///
/// - Throws: `Failure` where it is NULL, or no memory is as large.
func bytes(
  _ pointer: UnsafeRawPointer?, _ size: Int
) throws(Failure) -> [UInt8] {
  let pointer = try given(pointer, "bytes")
  guard size >= 0 else { throw .argument("no memory has room for the bytes") }
  return Array(UnsafeRawBufferPointer(start: pointer, count: size))
}

/// A name stands for nothing.
func unknown(
  _ name: String, _ what: StaticString, of names: [String]
) -> Failure {
  let known = TextList.or(names.map { "\"\($0)\"" })
  return .argument("\(what) must be \(known), not \"\(name)\"")
}

/// The value that a name stands for.
///
/// - Throws: `Failure` that lists all names.
func named<Value: CaseIterable & RawRepresentable>(
  _ name: String, _ what: StaticString
) throws(Failure) -> Value where Value.RawValue == String {
  guard let value = Value(rawValue: name) else {
    throw unknown(name, what, of: Value.allCases.map(\.rawValue))
  }
  return value
}
