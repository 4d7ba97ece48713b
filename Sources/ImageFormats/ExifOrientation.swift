/// Which way up an image is to be shown, as Exif's tag 0x0112 has it.
enum ExifOrientation {
  /// The tag's value in the first directory of a TIFF structure.
  ///
  /// - Parameter bytes: The structure, from its byte order mark on.
  /// - Returns: 1 when there is none, or none that can be made out: what
  ///   cannot be read asks for no turn. Values over 8 have no meaning and
  ///   count as 1 too.
  static func value(inTIFF bytes: [UInt8]) -> Int {
    let order: ByteOrder
    if bytes.has("II", at: 0) {
      order = .little
    } else if bytes.has("MM", at: 0) {
      order = .big
    } else {
      return 1
    }
    guard bytes.number(at: 2, count: 2, order) == 42,
      let directory = bytes.number(at: 4, count: 4, order),
      let entries = bytes.number(at: directory, count: 2, order)
    else { return 1 }
    for entry in 0..<entries {
      let start = directory + 2 + 12 * entry
      guard let tag = bytes.number(at: start, count: 2, order) else { return 1 }
      guard tag == 0x0112 else { continue }
      // One value of 16 bits (type 3); some programs write 32 (type 4).
      guard let type = bytes.number(at: start + 2, count: 2, order),
        bytes.number(at: start + 4, count: 4, order) == 1,
        let value = bytes.number(
          at: start + 8, count: type == 4 ? 4 : 2, order),
        type == 3 || type == 4, (1...8).contains(value)
      else { return 1 }
      return value
    }
    return 1
  }

  /// The error for an image that would have to be turned, or `nil` for 1.
  static func refusal(
    of orientation: Int, in format: ImageFormat
  ) -> DecodeError? {
    guard orientation != 1 else { return nil }
    let command =
      switch format {
      case .png: "`mogrify -auto-orient in.png`"
      case .jpeg: "`exiftran -ai in.jpg` or `mogrify -auto-orient in.jpg`"
      }
    return .unsupported(
      what: "an image stored turned or mirrored (Exif orientation "
        + "\(orientation))",
      remedy: "the orientation is not applied, so turn it first: \(command)")
  }
}
