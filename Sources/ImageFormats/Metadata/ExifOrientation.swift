/// Which way up an image is to be shown, as Exif's tag 0x0112 has it.
struct ExifOrientation: Equatable {
  /// The tag's value, 1 to 8.
  let value: Int

  /// The rows and columns as they are stored.
  static let upright = ExifOrientation(value: 1)

  /// Whether stored rows are shown as columns.
  var swapsAxes: Bool { value >= 5 }

  /// Whether stored columns are shown from the last to the first.
  var reversesColumns: Bool { [2, 3, 7, 8].contains(value) }

  /// Whether stored rows are shown from the last to the first.
  var reversesRows: Bool { [3, 4, 6, 7].contains(value) }

  /// An orientation; `nil` where the value has no meaning.
  init?(_ value: Int) {
    guard (1...8).contains(value) else { return nil }
    self.init(value: value)
  }

  private init(value: Int) { self.value = value }

  /// The tag's value in the first directory of a TIFF structure; `nil` where
  /// there is none, or none that can be made out or has a meaning.
  ///
  /// - Parameter bytes: The structure, from its byte order mark on.
  init?(tagIn bytes: [UInt8]) {
    guard let place = Self.place(inTIFF: bytes),
      let value = bytes.number(
        at: place.offset, count: place.width, place.order)
    else { return nil }
    self.init(value)
  }

  /// Sets the tag to 1, where there is one.
  ///
  /// - Parameter bytes: A TIFF structure, from its byte order mark on.
  static func reset(inTIFF bytes: inout [UInt8]) {
    guard let place = place(inTIFF: bytes),
      place.offset <= bytes.count - place.width
    else { return }
    for i in 0..<place.width { bytes[place.offset + i] = 0 }
    let last = place.order == .big ? place.width - 1 : 0
    bytes[place.offset + last] = 1
  }

  /// Where the tag's value stands.
  private static func place(
    inTIFF bytes: [UInt8]
  ) -> (offset: Int, width: Int, order: ByteOrder)? {
    let order: ByteOrder
    if bytes.has("II", at: 0) {
      order = .little
    } else if bytes.has("MM", at: 0) {
      order = .big
    } else {
      return nil
    }
    guard bytes.number(at: 2, count: 2, order) == 42,
      let directory = bytes.number(at: 4, count: 4, order),
      let entries = bytes.number(at: directory, count: 2, order)
    else { return nil }
    for entry in 0..<entries {
      let start = directory + 2 + 12 * entry
      guard let tag = bytes.number(at: start, count: 2, order) else {
        return nil
      }
      guard tag == 0x0112 else { continue }
      // One value of 16 bits (type 3); some programs write 32 (type 4).
      guard let type = bytes.number(at: start + 2, count: 2, order),
        bytes.number(at: start + 4, count: 4, order) == 1,
        type == 3 || type == 4
      else { return nil }
      return (start + 8, type == 4 ? 4 : 2, order)
    }
    return nil
  }
}
