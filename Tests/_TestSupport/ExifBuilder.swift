/// Makes TIFF structures with one entry, the orientation.
public enum ExifBuilder {
  /// The structure, from its byte order mark on.
  public static func tiff(
    orientation: UInt8, littleEndian: Bool
  ) -> [UInt8] {
    littleEndian
      ? [
        0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0,
        orientation, 0, 0, 0, 0, 0, 0, 0,
      ]
      : [
        0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0,
        orientation, 0, 0, 0, 0, 0, 0,
      ]
  }
}
